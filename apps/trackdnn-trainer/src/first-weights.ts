import { initialise } from '@hep/nn';
import type { Weights } from '@hep/nn';
import type { TrackNetwork } from '@hep/track-dnn';

/** Name of the network in checkpoints. */
export const MODEL_NAME = 'track_dnn';

/** Weights of a new network. */
export function firstWeights({ classifier }: TrackNetwork, { seed }: { readonly seed: number }): Weights {
  return initialise(classifier.parameterSpecs, seed);
}
