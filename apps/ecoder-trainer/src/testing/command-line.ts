/** The program inside of a test: its arguments in, its exit code and its lines out. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '@hep/options';
import { program } from '../program.ts';

/** What a command line gave. */
export interface Outcome {
  readonly code: number;
  /** Standard output and standard error, one line each. */
  readonly out: readonly string[];
  readonly err: readonly string[];
}

/** Runs a command line in this process. */
export async function run(...argv: readonly string[]): Promise<Outcome> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCli(program, argv, {
    out: (text) => out.push(...text.split('\n')),
    err: (text) => err.push(...text.split('\n')),
  });
  return { code, out, err };
}

/** Runs a command line that must succeed. Throws its error otherwise. */
export async function runWell(...argv: readonly string[]): Promise<Outcome> {
  const outcome = await run(...argv);
  if (outcome.code !== 0)
    throw new Error(`${argv.join(' ')}: exit code ${outcome.code}, ${outcome.err.join()}`);
  return outcome;
}

/** A folder that is removed after the tests of the file. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ecoder-trainer-'));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
