import { spawn } from 'node:child_process';
import type { Launch } from '../measuring-process.ts';

const TAIL_CHARACTERS = 2000;

/**
 * Runs a program to its end and returns the CPU time of its process, in seconds.
 * @throws Error with the end of what it printed when it fails
 */
export async function runProcess({ command, arguments: rest, environment }: Launch): Promise<number> {
  // The shell's `times` tells what its finished children used: the last line, user and system.
  const child = spawn('sh', ['-c', '"$@" || exit 1; times', 'sh', command, ...rest], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => (printed = `${printed}${text}`.slice(-TAIL_CHARACTERS)));
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`${command} ${rest.join(' ')} failed: ${printed}`);
  return cpuSecondsIn(printed);
}

/** Sum of the times in the last line, such as `1m2.345s 0m0.5s`. */
export function cpuSecondsIn(printed: string): number {
  const last = printed.trimEnd().split('\n').at(-1)!;
  return [...last.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds),
    0,
  );
}
