/** Network and data of a run as an engine trains them. */
import type { Dataset } from '@hep/engine';
import { initialise } from '@hep/nn';
import type { TrainingProgram } from '@hep/nn';
import { measureRanges, momentumWeights, TRACK_INPUTS, trackNetwork, trackProgram } from '@hep/track-dnn';
import type { TrackNetwork } from '@hep/track-dnn';
import { FEATURES, transverseMomenta } from '@hep/track-samples';
import type { TrackTable } from '@hep/track-samples';
import type { TrainOptions } from './options.ts';

/** The network of a run, its ranges those of the training tracks. */
export function chosenNetwork(options: TrainOptions, train: TrackTable): TrackNetwork {
  return trackNetwork({ ...options, ranges: measureRanges(train.features) });
}

/** Step, evaluation and first state. */
export function chosenProgram(network: TrackNetwork, { seed }: TrainOptions): TrainingProgram {
  return trackProgram(network, initialise(network.classifier.parameterSpecs, seed));
}

/** The tracks as columns. @param weighted by pT */
export function trackDataset(table: TrackTable, weighted: boolean): Dataset {
  const { rows } = table;
  const weights = weighted ? momentumWeights(transverseMomenta(table)) : new Float32Array(rows).fill(1);
  return {
    rows,
    columns: {
      [TRACK_INPUTS.features]: { rowShape: [FEATURES], values: table.features },
      [TRACK_INPUTS.iteration]: { rowShape: [1], values: Float32Array.from(table.iterations) },
      target: { rowShape: [1], values: Float32Array.from(table.isTrue) },
      sampleWeight: { rowShape: [], values: weights },
    },
  };
}
