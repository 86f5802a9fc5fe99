/** The real program as a process. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';

/**
 * The bundled program of the app whose tests run; `nx build` makes it.
 * @throws Error where it is missing
 */
export function bundledProgram(): string {
  const path = resolve('dist', 'main.js');
  if (!existsSync(path)) {
    throw new Error(`${path} is missing; run "nx run ${basename(process.cwd())}:test", which builds it`);
  }
  return path;
}

/** How a process ended. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  /** Milliseconds from the start to every line of standard output. */
  readonly times: readonly number[];
}

/**
 * Starts a program and waits for its end.
 * @param onLine called with every line of standard output
 */
export function start(
  command: string,
  argv: readonly string[],
  onLine: (line: string, child: ChildProcess) => void = () => undefined,
): Promise<Ended> {
  const child = spawn(command, argv, { stdio: ['ignore', 'pipe', 'pipe'] });
  const begin = performance.now();
  const times: number[] = [];
  let [out, err, rest] = ['', '', ''];
  child.stderr.on('data', (bytes: Buffer) => (err += String(bytes)));
  child.stdout.on('data', (bytes: Buffer) => {
    out += String(bytes);
    const lines = (rest + String(bytes)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      times.push(performance.now() - begin);
      onLine(line, child);
    }
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, out, err, times }));
  });
}
