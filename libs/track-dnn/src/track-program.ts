import { tf } from '@hep/graph';
import type { Tensors } from '@hep/graph';
import { binaryCrossEntropyOfLogits } from '@hep/losses';
import { adam, batchMean, predict, splitParameters, trainStep } from '@hep/nn';
import type { Optimiser, TrainingProgram, TrainStep, Weights } from '@hep/nn';
import { scoreCounts } from './score-counts.ts';
import { TRACK_INPUTS } from './track-network.ts';
import type { TrackNetwork } from './track-network.ts';

/** Learning rate of the reference. */
export const TRACK_LEARNING_RATE = 3e-4;

/** Name of the tally of scores, for `areaOfCounts`; that of validation has the prefix `val_`. */
export const SCORE_COUNTS = 'scoreCounts';

/** Options of `trackTrainStep` and `trackProgram`. */
export interface TrackTrainingOptions {
  /** Default: Adam. */
  readonly optimiser?: Optimiser;
}

/** Whether the sign of each logit agrees with the label, 0 or 1: [B, 1] -> [B]. */
function agreement(target: tf.Tensor, logits: tf.Tensor): tf.Tensor {
  const right = tf.equal(tf.greater(logits, 0), tf.greater(target, 0.5));
  return tf.reshape(tf.cast(right, 'float32'), [logits.shape[0]!]);
}

/**
 * Training step of a track network. Loss: mean of weight times binary cross-entropy; metric: `accuracy`, unweighted;
 * tally: `scoreCounts`, unweighted.
 * Inputs: `regular_input_layer` [B, 29], `categorical_input_layer` [B, 1], `target` [B, 1], optional `sampleWeight` [B].
 */
export function trackTrainStep(network: TrackNetwork, options: TrackTrainingOptions = {}): TrainStep {
  return trainStep({
    model: network.logits,
    loss: binaryCrossEntropyOfLogits,
    optimiser: options.optimiser ?? adam(),
    metrics: { accuracy: agreement },
    tallies: { [SCORE_COUNTS]: scoreCounts },
  });
}

/** Program of a track network for an engine; its data sets have the columns that `trackTrainStep` reads, all of them. */
export function trackProgram(
  network: TrackNetwork,
  weights: Weights,
  options: TrackTrainingOptions = {},
): TrainingProgram {
  const step = trackTrainStep(network, options);
  const { classifier, logits } = network;
  const [features] = classifier.inputs[TRACK_INPUTS.features];
  return {
    name: classifier.name,
    step,
    evaluate: (state, inputs) => {
      const parameters = { ...state, ...splitParameters(step.trainable, state['trainable']) };
      return { outputs: validated(predict(logits, parameters, inputs)[logits.outputs[0]], inputs) };
    },
    inputs: {
      [TRACK_INPUTS.features]: { shape: [{ batch: 1 }, features], dtype: 'float32' },
      [TRACK_INPUTS.iteration]: { shape: [{ batch: 1 }, 1], dtype: 'float32' },
      target: { shape: [{ batch: 1 }, 1], dtype: 'float32' },
      sampleWeight: { shape: [{ batch: 1 }], dtype: 'float32' },
    },
    scalars: [],
    initialState: step.initialState(weights),
  };
}

/** Unweighted loss, accuracy and counts of scores. */
function validated(logits: tf.Tensor, { target }: Tensors): Tensors {
  return {
    loss: batchMean(binaryCrossEntropyOfLogits(target, logits)),
    accuracy: batchMean(agreement(target, logits)),
    [SCORE_COUNTS]: scoreCounts(target, logits),
  };
}
