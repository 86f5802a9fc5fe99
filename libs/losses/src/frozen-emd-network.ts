/** A trained EMD network that no longer changes: every layer is one product with a matrix that is made once. */
import type { HostTensor, Weights } from '@hep/nn';
import { emdNetworkSize } from './emd-network.ts';
import type { EmdNetworkOptions } from './emd-network.ts';
import { PIXELS, tapBetween } from './pixel-pairs.ts';

/** An EMD network and what it has learnt. */
export interface TrainedEmdNetwork {
  readonly size: EmdNetworkOptions;
  /** By the names of `emdNetwork(size).parameterSpecs`. */
  readonly weights: Weights;
}

/** `x kernel + bias` of rows x [B, inputs]. */
export interface AffineLayer {
  readonly inputs: number;
  readonly outputs: number;
  /** [inputs, outputs] */
  readonly kernel: Float32Array;
  /** [outputs] */
  readonly bias: Float32Array;
}

const SECTORS = 3;
const EPSILON = 1e-3;

/**
 * The base network in inference mode as matrices: rows are two 4x4x3 images one after the other [B, 96], a ReLU follows
 * every layer but the last, whose output [B, 1] is the distance. BatchNormalization with its moving statistics is part
 * of the kernels.
 */
export function frozenLayers({ size, weights }: TrainedEmdNetwork): AffineLayer[] {
  const { convolutions, denseLayers } = emdNetworkSize(size);
  const parameter = (layer: string, name: string) => weights[`base_model/${layer}/${name}`];
  const normalised = (layer: string, normalisation: string): [HostTensor, Float32Array] => {
    const [gamma, beta, mean, variance] = ['gamma', 'beta', 'moving_mean', 'moving_variance'].map(
      (name) => parameter(normalisation, name).values,
    );
    const factor = gamma.map((value, channel) => value / Math.sqrt(variance[channel] + EPSILON));
    const { shape, values } = parameter(layer, 'kernel');
    const kernel = values.map((value, i) => value * factor[i % factor.length]);
    const bias = parameter(layer, 'bias').values.map(
      (value, channel) => (value - mean[channel]) * factor[channel] + beta[channel],
    );
    return [{ shape, values: kernel }, bias];
  };
  const counted = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
  return [
    ...counted(convolutions).map((i) =>
      convolution(...normalised(`conv2d_${i}`, `batchnorm_${i}`), i === 1 ? placeInPair : placeInImage),
    ),
    ...counted(denseLayers).map((i) => dense(...normalised(`dense_${i}`, `batchnorm${convolutions + i}`))),
    dense(parameter('output', 'kernel'), parameter('output', 'bias').values),
  ];
}

function dense({ shape: [inputs, outputs], values }: HostTensor, bias: Float32Array): AffineLayer {
  return { inputs, outputs, kernel: values, bias };
}

/** A convolution of stride 1 with padding `same`; kernel [side, side, channels, filters]. */
function convolution(
  { shape: [side, , channels, filters], values }: HostTensor,
  bias: Float32Array,
  place: (pixel: number, channel: number, channels: number) => number,
): AffineLayer {
  const inputs = PIXELS * channels;
  const outputs = PIXELS * filters;
  const kernel = new Float32Array(inputs * outputs);
  for (let from = 0; from < PIXELS; from++) {
    for (let to = 0; to < PIXELS; to++) {
      const tap = tapBetween(from, to, side);
      if (tap < 0) continue;
      for (let channel = 0; channel < channels; channel++) {
        const start = (tap * channels + channel) * filters;
        kernel.set(
          values.subarray(start, start + filters),
          place(from, channel, channels) * outputs + to * filters,
        );
      }
    }
  }
  return {
    inputs,
    outputs,
    kernel,
    bias: Float32Array.from({ length: outputs }, (_, i) => bias[i % filters]),
  };
}

const placeInImage = (pixel: number, channel: number, channels: number) => pixel * channels + channel;

/** The first convolution sees both images in one, with the sectors of the second behind those of the first. */
const placeInPair = (pixel: number, channel: number) =>
  channel < SECTORS
    ? placeInImage(pixel, channel, SECTORS)
    : (PIXELS - 1) * SECTORS + placeInImage(pixel, channel, SECTORS);
