import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fillUniform } from '@hep/graph/random';

/** How to start a training process, and how to torture it. */
export interface KillPlan {
  /** Program, such as `process.execPath`. */
  readonly command: string;
  /** Arguments that start the run. */
  readonly start: readonly string[];
  /** Arguments that resume it; used as soon as the run directory has a `run.json`. */
  readonly resume: readonly string[];
  readonly runDirectory: string;
  readonly kills: number;
  /** Draws the moments of the kills. */
  readonly seed: number;
  /** Shortest and longest time from the process's first output to the kill. */
  readonly delayMilliseconds: readonly [number, number];
}

/** What happened to the process. */
export interface KillReport {
  /** Processes that died of SIGKILL; fewer than asked for when the training ended before. */
  readonly kills: number;
  /** Output of the process that ended by itself. */
  readonly output: string;
}

/**
 * Runs a training process, kills it with SIGKILL at random moments, resumes it each time, and lets the last one end.
 * The process must write something to its standard output when it begins to train.
 * @throws Error with the process's output when it ends with another code than 0
 */
export async function killAndResume(plan: KillPlan): Promise<KillReport> {
  const { kills, seed, delayMilliseconds } = plan;
  const [shortest, longest] = delayMilliseconds;
  const moments = new Float32Array(kills);
  fillUniform(moments, seed, 0);
  for (let kill = 0; kill < kills; kill++) {
    const output = await attempt(plan, shortest + moments[kill] * (longest - shortest));
    if (output !== null) return { kills: kill, output };
  }
  const output = await attempt(plan, Infinity);
  if (output === null) throw new Error('the process was killed from outside');
  return { kills, output };
}

/** Output of a process that ended by itself, or null when it was killed. */
async function attempt(plan: KillPlan, delay: number): Promise<string | null> {
  const started = existsSync(join(plan.runDirectory, 'run.json'));
  const child = spawn(plan.command, started ? plan.resume : plan.start, {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let timer: NodeJS.Timeout | undefined;
  child.stderr.on('data', (data: Buffer) => (output += String(data)));
  child.stdout.on('data', (data: Buffer) => {
    output += String(data);
    if (delay < Infinity) timer ??= setTimeout(() => child.kill('SIGKILL'), delay);
  });
  const { code, signal } = await ended(child);
  clearTimeout(timer);
  if (signal === 'SIGKILL') return null;
  if (code !== 0) throw new Error(`training process ended with ${signal ?? code}:\n${output}`);
  return output;
}

function ended(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
}
