/** `--resume`: the options of the earlier run count; some may be changed by flags. */
import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UserError } from '@hep/options';
import { FREE_OPTIONS, PACE_OPTIONS } from '@hep/training-command';
import type { TrainOptions } from './options.ts';

/**
 * What may differ from the earlier run: how long and how fast to train, where it runs, what is written beside. Files may
 * have moved; that they are the same is checked by their content.
 */
export const CHANGEABLE: ReadonlySet<keyof TrainOptions> = new Set([
  ...PACE_OPTIONS,
  ...(['input', 'emdNetwork', 'overrideInput', 'reduceOnPlateau', 'verifyRows', 'full', 'keras215'] as const),
  ...FREE_OPTIONS,
]);

/**
 * The folder of the command that made the run at `path`, which is that folder or the run directory of one network.
 * @throws UserError when the folder of a network no longer has its name
 */
export function folderOfCommand(path: string, { models }: Pick<TrainOptions, 'models'>): string {
  if (!existsSync(join(path, 'run.json'))) return path;
  const name = basename(resolve(path));
  if (models.length !== 1 || models[0] !== name) {
    throw new UserError(
      `--resume ${path}: a run of ${models.join(', ')} in a folder named ${name}; give the folder its old name`,
    );
  }
  return dirname(resolve(path));
}
