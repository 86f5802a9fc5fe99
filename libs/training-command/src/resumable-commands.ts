import { command, UserError } from '@hep/options';
import type { CliOutput, Command, Declarations, Option, OptionSet, Resolved } from '@hep/options';
import { earlierOptions } from './earlier-options.ts';

/** A training that can be gone on with. */
export interface Resumable<D extends Declarations & Readonly<Record<'resume', Option>>> {
  readonly describe: string;
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
 * `train`, and `resume RUN`, which is `train --resume RUN`.
 * @throws UserError (both, when they run) for a run that is not there, or a flag that would make it another one
 */
export function resumableCommands<D extends Declarations & Readonly<Record<'resume', Option>>>({
  describe,
  options,
  changeable,
  earlierRun,
  start,
  goOn,
}: Resumable<D>): { readonly train: Command; readonly resume: Command } {
  /** Options as given, or those of the run that they ask to go on with, with the flags over them. */
  const chosen = async (positionals: readonly (keyof D & string)[], argv: readonly string[]) => {
    const parse = (flags: readonly string[], settings: { config?: string } = {}) =>
      options.parse(flags, { ...settings, positionals });
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
  const executing = (positionals: readonly (keyof D & string)[]): Pick<Command, 'execute' | 'settings'> => ({
    execute: async (argv, output) => {
      const { path, options: resolved } = await chosen(positionals, argv);
      return path === undefined ? start(resolved, output) : goOn(path, resolved, output);
    },
    settings: async (argv) => options.toYaml((await chosen(positionals, argv)).options),
  });
  const resume: Command = command({
    name: 'resume',
    describe: 'Goes on with a run where it stopped, with its options; as train --resume RUN.',
    options,
    positionals: ['resume'],
    run: start,
  });
  return {
    train: { ...command({ name: 'train', describe, options, run: start }), ...executing([]) },
    resume: { ...resume, ...executing(['resume']) },
  };
}
