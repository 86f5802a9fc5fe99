/** `--resume`: the options of the earlier run count; some may be changed by flags. */
import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { kebabCase, UserError } from '@hep/options';
import { trainOptions } from './options.ts';
import type { TrainOptions } from './options.ts';

/**
 * What may differ from the earlier run: how long and how fast to train, where it runs, what is written beside. Files may
 * have moved; that they are the same is checked by their content.
 */
export const CHANGEABLE: ReadonlySet<keyof TrainOptions> = new Set([
  ...([
    'input',
    'emdNetwork',
    'overrideInput',
    'epochs',
    'learningRate',
    'schedule',
    'schedulePeriod',
    'scheduleFactor',
    'scheduleGrowth',
    'patience',
    'restoreBest',
  ] as const),
  ...(['reduceOnPlateau', 'engine', 'tfjsBackend', 'device', 'deviceIds', 'replicas', 'threads'] as const),
  ...(['force', 'resume', 'checkpointMinutes', 'verifyRows', 'tensorboard', 'keras215'] as const),
]);

/**
 * The options of the run at `path` (the folder of a command or the run directory of one network) with the flags of
 * `argv` over them; `output` is the folder of the command.
 * @throws UserError when there is no run, or when a flag would make it another one
 */
export function resumedOptions(path: string, argv: readonly string[]): TrainOptions {
  const { saved, chosen } = earlierOptions(trainOptions, CHANGEABLE, path, argv);
  return { ...chosen, resume: path, output: folderOf(path, saved) };
}

/**
 * The options saved at `path`, and the same with the flags of `argv` over them.
 * @throws UserError when there are none, or when a flag changes what is not `changeable`
 */
export function earlierOptions<Options extends object>(
  set: { parse(argv: readonly string[], settings: { config: string }): Options },
  changeable: ReadonlySet<keyof Options>,
  path: string,
  argv: readonly string[],
): { readonly saved: Options; readonly chosen: Options } {
  const config = join(path, 'config.yaml');
  if (!existsSync(config)) {
    throw new UserError(
      `--resume ${path}: no run there (config.yaml is missing); give the --output of an earlier run`,
    );
  }
  const saved = set.parse([], { config });
  const chosen = set.parse(argv, { config });
  requireSame(path, saved, chosen, changeable);
  return { saved, chosen };
}

/** @throws UserError when options that make the run at `path` what it is differ from those that it has */
export function requireSame<Options extends object>(
  path: string,
  saved: Options,
  chosen: Options,
  changeable: ReadonlySet<keyof Options>,
): void {
  for (const key of Object.keys(saved) as (keyof Options & string)[]) {
    if (changeable.has(key) || String(saved[key]) === String(chosen[key])) continue;
    throw new UserError(
      `--${kebabCase(key)} ${String(chosen[key])}: the run at ${path} has ${String(saved[key])}; ` +
        'leave the option away, or start a new run',
    );
  }
}

function folderOf(path: string, { models }: TrainOptions): string {
  if (!existsSync(join(path, 'run.json'))) return path;
  const name = basename(resolve(path));
  if (models.length !== 1 || models[0] !== name) {
    throw new UserError(
      `--resume ${path}: a run of ${models.join(', ')} in a folder named ${name}; give the folder its old name`,
    );
  }
  return dirname(resolve(path));
}
