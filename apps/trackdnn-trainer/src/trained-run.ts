/** Networks of earlier runs. */
import { join } from 'node:path';
import type { Weights } from '@hep/nn';
import { UserError } from '@hep/options';
import { INPUTS_FILE, featureDifference, readTrackInputs, trackNetwork, trackProgram } from '@hep/track-dnn';
import type { TrackNetwork } from '@hep/track-dnn';
import { CheckpointStore, modelSignature, readRunRecord } from '@hep/training';
import { finalCheckpoint } from '@hep/training-command';
import { firstWeights, MODEL_NAME } from './first-weights.ts';
import { trainOptions } from './options.ts';
import type { TrainOptions } from './options.ts';

/** A network with the weights that it was trained to, and the options of its run. */
export interface TrainedRun {
  readonly network: TrackNetwork;
  readonly weights: Weights;
  readonly options: TrainOptions;
}

/**
 * The network that a run ended with, or that of one of its checkpoints.
 * @param notice told of damaged checkpoints
 * @throws UserError when there is no run, or something of it cannot be read
 */
export async function trainedRun(
  path: string,
  notice: (text: string) => void,
  checkpoint?: string,
): Promise<TrainedRun> {
  await readRunRecord(path, 'of a trained network');
  const options = trainOptions.parse([], { config: join(path, 'config.yaml') });
  const inputs = await readTrackInputs(join(path, INPUTS_FILE));
  if (inputs === undefined) {
    throw new UserError(`${path}: ${INPUTS_FILE} is missing; restore it, or train again`);
  }
  const difference = featureDifference(inputs.features, options.features);
  if (difference !== null) {
    throw new UserError(`${join(path, INPUTS_FILE)}: ${difference} by config.yaml; restore both files`);
  }
  const network = trackNetwork({ ...options, ...inputs });
  const specs = network.classifier.parameterSpecs;
  const { step, initialState } = trackProgram(network, firstWeights(network, options));
  const store = new CheckpointStore(
    join(path, 'checkpoints'),
    modelSignature(MODEL_NAME, initialState, specs),
  );
  const { state } =
    checkpoint === undefined
      ? await finalCheckpoint(path, store, { ...options, notice })
      : await store.load(checkpoint);
  return { network, weights: step.weightsOf(state), options };
}

/** What makes two networks the same; sizes alone could agree by chance. */
const ARCHITECTURE = ['hiddenUnits', 'activation', 'oneHotIteration'] as const;

/** @throws UserError when the network of the run at `path` is another one than the options ask for */
export function requireSameArchitecture(path: string, theirs: TrainOptions, ours: TrainOptions): void {
  const difference = featureDifference(theirs.features, ours.features);
  const advice = 'start from a run of the same network, or leave --start-from away';
  if (difference !== null) throw new UserError(`--start-from ${path}: ${difference}; ${advice}`);
  const key = ARCHITECTURE.find((name) => String(theirs[name]) !== String(ours[name]));
  if (key === undefined) return;
  const { flag } = trainOptions.declarations.find((declaration) => declaration.key === key)!;
  throw new UserError(
    `--start-from ${path}: its ${flag} is ${String(theirs[key])}, expected ${String(ours[key])}; ${advice}`,
  );
}
