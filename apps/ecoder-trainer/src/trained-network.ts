/** Networks that were trained before. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ecoderLoss } from '@hep/ecoder-models';
import type { EcoderModel } from '@hep/ecoder-models';
import { matchWeights, readKerasWeights } from '@hep/model-files';
import type { Weights } from '@hep/nn';
import { UserError } from '@hep/options';
import { CheckpointStore, modelSignature } from '@hep/training';
import { finalCheckpoint } from '@hep/training-command';
import { networksOf } from './network-options.ts';
import { trainOptions } from './options.ts';
import type { TrainOptions } from './options.ts';
import { autoencoderProgram } from './training.ts';

/** Weights of a network from an HDF5 file of Keras. */
export async function kerasWeights({ autoencoder }: EcoderModel, path: string): Promise<Weights> {
  const values = matchWeights(autoencoder.parameterSpecs, await readKerasWeights(path));
  return Object.fromEntries(
    autoencoder.parameterSpecs.map(({ name, shape }) => [name, { shape, values: values[name] }]),
  );
}

/** A network with the weights that it was trained to, and the options of its run. */
export interface TrainedNetwork {
  readonly model: EcoderModel;
  readonly weights: Weights;
  readonly options: TrainOptions;
}

/**
 * The weights that a run ended with, or those of one of its checkpoints.
 * @throws UserError when there is no run, or no checkpoint that can be read
 */
export async function trainedNetwork(
  run: string,
  notice: (text: string) => void = () => undefined,
  checkpoint?: string,
): Promise<TrainedNetwork> {
  if (!existsSync(join(run, 'run.json'))) {
    throw new UserError(
      `${run}: no run of a network there; give a folder of one network, as train writes it`,
    );
  }
  const options = trainOptions.parse([], { config: join(run, 'config.yaml') });
  const [model] = networksOf(options.models, options);
  const anyLoss = ecoderLoss('mse', model.arrangement); // checkpoints look the same for every loss
  const program = autoencoderProgram(model, anyLoss, options, options.weight !== 'none');
  const signature = modelSignature(model.name, program.initialState, model.autoencoder.parameterSpecs);
  const store = new CheckpointStore(join(run, 'checkpoints'), signature);
  const { state } =
    checkpoint === undefined
      ? await finalCheckpoint(run, store, { ...options, notice })
      : await store.load(checkpoint);
  return { model, weights: program.step.weightsOf(state), options };
}
