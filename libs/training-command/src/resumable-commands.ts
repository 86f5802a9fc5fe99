import { command, UserError } from '@hep/options';
import type { CliOutput, Command, Declarations, Option, OptionSet, Resolved } from '@hep/options';
import { earlierOptions } from './earlier-options.ts';

/** A training that can be gone on with. */
export interface Resumable<D extends Declarations & Readonly<Record<'resume', Option>>> {
  readonly options: OptionSet<D>;
  /** What may differ from the earlier run. */
  readonly changeable: ReadonlySet<keyof Resolved<D>>;
  /** The run that the options ask to go on with; undefined for a new one. */
  readonly earlierRun: (options: Resolved<D>) => Promise<string | undefined>;
  /** Trains from the start and gives the exit code. */
  readonly start: (options: Resolved<D>, output: CliOutput) => Promise<number>;
  /** Goes on with the run at `path`, with its options and today's flags over them. */
  readonly goOn: (path: string, options: Resolved<D>, output: CliOutput) => Promise<number>;
}

/**
 * How a command with `--resume` runs, and which options it has then: as given, or those of the run that they ask to go on
 * with, with the flags over them.
 * @param positionals options that words without a flag stand for
 * @throws UserError (both, when they run) for a run that is not there, or a flag that would make it another one
 */
export function resuming<D extends Declarations & Readonly<Record<'resume', Option>>>(
  { options, changeable, earlierRun, start, goOn }: Resumable<D>,
  positionals: readonly (keyof D & string)[] = [],
): Pick<Command, 'execute' | 'settings'> {
  const parse = (flags: readonly string[], settings: { config?: string } = {}) =>
    options.parse(flags, { ...settings, positionals });
  const chosen = async (argv: readonly string[]) => {
    const given = parse(argv);
    const path = await earlierRun(given);
    if (path === undefined && positionals.includes('resume')) {
      throw new UserError('resume: no run is named, expected the folder of an earlier run: resume RUN');
    }
    if (path === undefined) return { path, options: given };
    const { declarations } = options;
    const found = earlierOptions<Resolved<D>>({ declarations, parse }, changeable, path, argv);
    return { path, options: found.chosen };
  };
  return {
    execute: async (argv, output) => {
      const { path, options: resolved } = await chosen(argv);
      return path === undefined ? start(resolved, output) : goOn(path, resolved, output);
    },
    settings: async (argv) => options.toYaml((await chosen(argv)).options),
  };
}

/** `train`, and `resume RUN`, which is `train --resume RUN`; see `resuming`. */
export function resumableCommands<D extends Declarations & Readonly<Record<'resume', Option>>>(
  resumable: Resumable<D>,
): { readonly train: Command; readonly resume: Command } {
  const { options, start } = resumable;
  const resume = command({ options, positionals: ['resume'], run: start });
  return {
    train: { ...command({ options, run: start }), ...resuming(resumable) },
    resume: { ...resume, ...resuming(resumable, ['resume']) },
  };
}
