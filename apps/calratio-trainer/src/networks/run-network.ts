/** Taggers of runs. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ReadNetwork } from '@hep/model-files';
import { UserError } from '@hep/options';
import { CheckpointStore, modelSignature } from '@hep/training';
import { finalCheckpoint } from '@hep/training-command';
import { trainingOf } from '../training/network.ts';
import { completed, trainOptions } from '../training/options.ts';
import { MODEL_NAME } from '../training/train-tagger.ts';

/** Whether a path is the directory of a run. */
export function isRun(path: string): boolean {
  return existsSync(join(path, 'run.json'));
}

/**
 * The classifier that a run ended with, which is that of its best epoch unless it was told otherwise, or the one after
 * a certain epoch.
 * @param epoch finished epochs; 0 are the first weights
 * @throws UserError when there is no such checkpoint, or it cannot be read
 */
export async function networkOfRun(
  run: string,
  epoch: number | undefined,
  notice: (text: string) => void,
): Promise<ReadNetwork> {
  const options = completed(trainOptions.parse([], { config: join(run, 'config.yaml') }));
  const { network, program, weightsOf } = trainingOf(options);
  const signature = modelSignature(MODEL_NAME, program.initialState, network.original.parameterSpecs);
  const store = new CheckpointStore(join(run, 'checkpoints'), signature);
  const { state } =
    epoch === undefined
      ? await finalCheckpoint(run, store, { ...options, notice })
      : await store.load(checkpointOf(run, store, epoch));
  const weights = weightsOf(state);
  const { classifier: model } = network;
  const own = model.parameterSpecs.map(({ name }) => [name, weights[name]] as const);
  return { model, weights: Object.fromEntries(own) };
}

function checkpointOf(run: string, store: CheckpointStore, epoch: number): string {
  const path = store.pathOfEpoch(epoch);
  if (existsSync(path)) return path;
  throw new UserError(
    `${run}: no checkpoint of epoch ${epoch}; look into ${store.folder} for those that are kept`,
  );
}
