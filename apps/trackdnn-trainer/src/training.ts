/** Network of a run as an engine trains it. */
import { initialise } from '@hep/nn';
import type { TrainingProgram } from '@hep/nn';
import { trackNetwork, trackProgram } from '@hep/track-dnn';
import type { TrackNetwork } from '@hep/track-dnn';
import type { TrainOptions } from './options.ts';
import type { TrainingTracks } from './training-tracks.ts';

/** The network of a run, its ranges those of the training tracks. */
export function chosenNetwork(options: TrainOptions, { ranges }: TrainingTracks): TrackNetwork {
  return trackNetwork({ ...options, ranges });
}

/** Step, evaluation and first state. */
export function chosenProgram(network: TrackNetwork, { seed }: TrainOptions): TrainingProgram {
  return trackProgram(network, initialise(network.classifier.parameterSpecs, seed));
}
