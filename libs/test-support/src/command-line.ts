/** A program inside of a test: its arguments in, its exit code and its lines out. */
import { runCli } from '@hep/options';
import type { Program } from '@hep/options';

/** What a command line gave. */
export interface Outcome {
  readonly code: number;
  /** Standard output and standard error, one line each. */
  readonly out: readonly string[];
  readonly err: readonly string[];
}

/** Runs command lines of a program in this process. */
export interface CommandLine {
  run(...argv: readonly string[]): Promise<Outcome>;
  /** Runs a command line that must succeed. Throws its error otherwise. */
  runWell(...argv: readonly string[]): Promise<Outcome>;
}

/** The command line of a program. */
export function commandLine(program: Program): CommandLine {
  const run = async (...argv: readonly string[]) => {
    const out: string[] = [];
    const err: string[] = [];
    const code = await runCli(program, argv, {
      out: (text) => out.push(...text.split('\n')),
      err: (text) => err.push(...text.split('\n')),
    });
    return { code, out, err };
  };
  const runWell = async (...argv: readonly string[]) => {
    const outcome = await run(...argv);
    if (outcome.code !== 0) {
      throw new Error(`${argv.join(' ')}: exit code ${outcome.code}, ${outcome.err.join()}`);
    }
    return outcome;
  };
  return { run, runWell };
}
