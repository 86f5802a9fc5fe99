/** A trained EMD network as the loss of an autoencoder. */
import { tf } from '@hep/graph';
import { arrangements, definingPixels } from '@hep/hgcal-geometry';
import type { Arrangement } from '@hep/hgcal-geometry';
import type { PerSampleLoss } from '@hep/nn';
import { frozenLayers } from './frozen-emd-network.ts';
import type { TrainedEmdNetwork } from './frozen-emd-network.ts';
import { perSample } from './per-sample.ts';

/** How a trained EMD network is used as a loss. */
export interface EmdLossOptions {
  readonly network: TrainedEmdNetwork;
  /** Which pixel of the compared images shows which trigger cell. */
  readonly arrangement: Arrangement;
  /**
   * Divide both patterns by their sums, as the network was trained (default). The Ecoder study does not (false);
   * its targets sum to [1, 2).
   */
  readonly normalise?: boolean;
}

/**
 * EMD of target and prediction as the frozen network estimates it in both orders: per-sample loss [B]. Both orders are
 * the halves of one batch.
 */
export function emdNetworkLoss({ network, arrangement, normalise = true }: EmdLossOptions): PerSampleLoss {
  const layers = frozenLayers(network);
  const { cells } = arrangements['4x4x3'];
  const route = routeTo4x4x3(arrangement);
  return (target, prediction) => {
    const matrix = tf.tensor2d(route, [arrangement.cells.length, cells.length]);
    const [a, b] = [target, prediction].map((image) => {
      const pattern = tf.matMul(perSample(image), matrix);
      return normalise ? tf.div(pattern, tf.maximum(tf.sum(pattern, 1, true), 1e-7)) : pattern;
    });
    const both = tf.concat([tf.concat([a, b], 1), tf.concat([b, a], 1)], 0);
    const distances = layers.reduce<tf.Tensor>((x, { inputs, outputs, kernel, bias }, i) => {
      const y = tf.add(tf.matMul(x, tf.tensor2d(kernel, [inputs, outputs])), tf.tensor1d(bias));
      return i < layers.length - 1 ? tf.relu(y) : y;
    }, both);
    return tf.mean(tf.reshape(distances, [2, target.shape[0]]), 0);
  };
}

/** 0/1 matrix [pixels, 48] that moves each trigger cell to its place in the 4x4x3 image. */
function routeTo4x4x3(arrangement: Arrangement): Float32Array {
  const pixelOfCell = definingPixels(arrangement);
  const { cells } = arrangements['4x4x3'];
  const matrix = new Float32Array(arrangement.cells.length * cells.length);
  cells.forEach((cell, place) => (matrix[pixelOfCell[cell] * cells.length + place] = 1));
  return matrix;
}
