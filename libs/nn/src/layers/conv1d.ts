import { tf } from '@hep/graph';
import { kerasLayer } from '../keras-config.ts';
import type { Layer } from '../layer.ts';
import { biasAndActivation, weightedConfig, weightedParameters } from './weighted.ts';
import type { WeightedOptions } from './weighted.ts';
import { onlyShape, windowCount } from './windows.ts';
import type { Padding } from './windows.ts';

/** Options of `conv1d`. */
export interface Conv1dOptions extends WeightedOptions {
  readonly name: string;
  readonly filters: number;
  readonly kernelSize: number;
  /** Default 1. */
  readonly strides?: number;
  /** Default `valid`. `causal`: zeros before the first time, so that no result sees a later time. */
  readonly padding?: Padding | 'causal';
}

/**
 * Convolution of sequences [B, T, C] -> [B, T', filters]; kernel [size, C, filters].
 * With one point and stride 1 it is a dense layer shared by all times, and computed as one matrix product.
 */
export function conv1d(options: Conv1dOptions): Layer {
  const { name, filters, kernelSize, strides = 1, padding = 'valid' } = options;
  return {
    name,
    parameters: (inputShapes) => {
      const channels = onlyShape(name, inputShapes, 2)[1];
      return weightedParameters(options, [kernelSize, channels, filters], filters);
    },
    outputShape: (inputShapes) => {
      const [time] = onlyShape(name, inputShapes, 2);
      const window = padding === 'causal' ? 1 : kernelSize;
      return [windowCount(name, time, window, strides, padding === 'causal' ? 'valid' : padding), filters];
    },
    apply: (parameters, [x]) => {
      const kernel = parameters['kernel'] as tf.Tensor3D;
      const pointwise = kernelSize === 1 && strides === 1;
      const sums = pointwise
        ? pointwiseSums(x, kernel)
        : windowSums(x as tf.Tensor3D, kernel, strides, padding);
      return biasAndActivation(options, sums, parameters);
    },
    kerasConfig: () =>
      kerasLayer('Conv1D', name, {
        filters,
        kernel_size: [kernelSize],
        strides: [strides],
        padding,
        data_format: 'channels_last',
        dilation_rate: [1],
        groups: 1,
        ...weightedConfig(options),
      }),
  };
}

function windowSums(
  x: tf.Tensor3D,
  kernel: tf.Tensor3D,
  strides: number,
  padding: Padding | 'causal',
): tf.Tensor {
  if (padding !== 'causal') return tf.conv1d(x, kernel, strides, padding);
  const past = [kernel.shape[0] - 1, 0] as [number, number];
  const padded = tf.pad(x, [[0, 0], past, [0, 0]]);
  return tf.conv1d(padded, kernel, strides, 'valid');
}

function pointwiseSums(x: tf.Tensor, kernel: tf.Tensor3D): tf.Tensor {
  const [batch, time, channels] = x.shape;
  const filters = kernel.shape[2];
  const rows = tf.reshape(x, [batch * time, channels]) as tf.Tensor2D;
  const sums = tf.matMul(rows, tf.reshape(kernel, [channels, filters]) as tf.Tensor2D);
  return tf.reshape(sums, [batch, time, filters]);
}
