/** A program run to its end, with what it cost. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a program cost, and what it printed. */
export interface Watched {
  readonly wallSeconds: number;
  /** User and system time of its process. */
  readonly cpuSeconds: number;
  /** Highest resident memory. */
  readonly peakMiB: number;
  readonly output: string;
}

const LOOK_MILLISECONDS = 100;
const TICKS_A_SECOND = 100;

/** Linux alone tells what is asked for. @throws Error with what it printed when it fails */
export async function runWatched(command: string, argv: readonly string[]): Promise<Watched> {
  const begin = performance.now();
  const child = spawn(command, argv, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  let code: number | null | undefined;
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => {
      code = status;
      resolve();
    });
  });
  let cost = { cpuSeconds: 0, peakMiB: 0 };
  while (code === undefined) {
    cost = costOf(child.pid!) ?? cost;
    await Promise.race([ended, sleep(LOOK_MILLISECONDS)]);
  }
  if (code !== 0) throw new Error(`${command} ${argv.join(' ')} failed: ${output}`);
  return { ...cost, wallSeconds: (performance.now() - begin) / 1000, output };
}

/** Cost so far; undefined for a process that ended. */
function costOf(pid: number): Pick<Watched, 'cpuSeconds' | 'peakMiB'> | undefined {
  try {
    const [, kib] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    if (kib === undefined) return undefined;
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    const [user, system] = [fields[11], fields[12]].map(Number);
    return { cpuSeconds: (user + system) / TICKS_A_SECOND, peakMiB: Number(kib) / 1024 };
  } catch {
    return undefined;
  }
}
