/** A network that has learnt the earth mover's distance of two patterns of trigger cells, and its use as a loss. */
import { tf } from '@hep/graph';
import { arrangements, definingPixels } from '@hep/hgcal-geometry';
import type { Arrangement } from '@hep/hgcal-geometry';
import {
  activation,
  average,
  batchNormalization,
  chain,
  concatenate,
  connect,
  conv2d,
  dense,
  flatten,
  input,
  l2,
  modelOf,
  network,
  predict,
  toParameters,
} from '@hep/nn';
import type { Layer, NetworkModel, NetworkNode, PerSampleLoss, Weights } from '@hep/nn';
import { perSample } from './per-sample.ts';

/** Size of an EMD network; defaults are those of the best one of the Ecoder study. */
export interface EmdNetworkOptions {
  /** Default 32. */
  readonly filters?: number;
  /** Default 5. */
  readonly kernelSize?: number;
  /** Default 3. */
  readonly convolutions?: number;
  /** Default 256. */
  readonly denseUnits?: number;
  /** Default 1. */
  readonly denseLayers?: number;
}

const IMAGE = [4, 4, 3] as const;
const PENALTY = l2(1e-4);

/**
 * EMD of two images `input_1`, `input_2` [B, 4, 4, 3] (arrangement 4x4x3, each pattern divided by its sum) as output
 * `average` [B, 1], in sensor cells: the mean of one network applied in both orders. Convolutions and dense layers are
 * each followed by BatchNormalization and ReLU; their kernels carry an L2 penalty of 1e-4.
 */
export function emdNetwork(options: EmdNetworkOptions = {}): NetworkModel {
  const a = input('input_1', IMAGE);
  const b = input('input_2', IMAGE);
  const base = network('base_model', [a, b], [baseOutput(options, a, b)]);
  const both = [connect(base, a, b), connect(base, b, a)];
  return modelOf(network('sym_model', [a, b], [connect(average({ name: 'average' }), ...both)]));
}

function baseOutput(options: EmdNetworkOptions, a: NetworkNode, b: NetworkNode): NetworkNode {
  const { filters = 32, kernelSize = 5, convolutions = 3, denseUnits = 256, denseLayers = 1 } = options;
  const convolution = (i: number): Layer[] => [
    conv2d({ name: `conv2d_${i}`, filters, kernelSize, padding: 'same', kernelRegulariser: PENALTY }),
    batchNormalization({ name: `batchnorm_${i}` }),
    activation({ name: `relu_${i}`, activation: 'relu' }),
  ];
  const hidden = (i: number): Layer[] => [
    dense({ name: `dense_${i}`, units: denseUnits, kernelRegulariser: PENALTY }),
    batchNormalization({ name: `batchnorm${convolutions + i}` }),
    activation({ name: `relu_${convolutions + i}`, activation: 'relu' }),
  ];
  const counted = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
  return chain(connect(concatenate({ name: 'concat' }), a, b), [
    ...counted(convolutions).flatMap(convolution),
    flatten({ name: 'flatten' }),
    ...counted(denseLayers).flatMap(hidden),
    dense({ name: 'output', units: 1 }),
  ]);
}

/** How a trained EMD network is used as a loss. */
export interface EmdLossOptions {
  /** The network the weights belong to. */
  readonly network: NetworkModel;
  readonly weights: Weights;
  /** Which pixel of the compared images shows which trigger cell. */
  readonly arrangement: Arrangement;
  /**
   * Divide both patterns by their sums, as the network was trained (default). The Ecoder study does not (false);
   * its targets sum to [1, 2).
   */
  readonly normalise?: boolean;
}

/** EMD of target and prediction as the frozen network estimates it: per-sample loss [B]. */
export function emdNetworkLoss(options: EmdLossOptions): PerSampleLoss {
  const { network: model, weights, arrangement, normalise = true } = options;
  const pixels = arrangement.cells.length;
  const route = routeTo4x4x3(arrangement);
  return (target, prediction) => {
    const matrix = tf.tensor2d(route, [pixels, IMAGE[0] * IMAGE[1] * IMAGE[2]]);
    const prepare = (image: tf.Tensor) => {
      const cells = tf.matMul(perSample(image), matrix);
      const pattern = normalise ? tf.div(cells, tf.maximum(tf.sum(cells, 1, true), 1e-7)) : cells;
      return tf.reshape(pattern, [image.shape[0], ...IMAGE]);
    };
    const parameters = toParameters(model.parameterSpecs, weights);
    const images = { input_1: prepare(target), input_2: prepare(prediction) };
    return tf.reshape(predict(model, parameters, images)['average'], [target.shape[0]]);
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
