import { tf } from '@hep/graph';
import { kerasLayer } from '../keras-config.ts';
import type { Layer } from '../layer.ts';
import { biasAndActivation, weightedConfig, weightedParameters } from './weighted.ts';
import type { WeightedOptions } from './weighted.ts';
import { onlyShape, pairOf, windowCount } from './windows.ts';
import type { Padding, Pair } from './windows.ts';

/** Options of `conv2d` and `conv2dTranspose`. */
export interface Conv2dOptions extends WeightedOptions {
  readonly name: string;
  readonly filters: number;
  readonly kernelSize: Pair;
  /** Default 1. */
  readonly strides?: Pair;
  /** Default `valid`. */
  readonly padding?: Padding;
}

/** Convolution of images [B, H, W, C] -> [B, H', W', filters]; kernel [kh, kw, C, filters]. */
export function conv2d(options: Conv2dOptions): Layer {
  const { name, filters, padding = 'valid' } = options;
  const kernel = pairOf(options.kernelSize);
  const strides = pairOf(options.strides ?? 1);
  return {
    name,
    parameters: (inputShapes) =>
      weightedParameters(options, [...kernel, onlyShape(name, inputShapes, 3)[2], filters], filters),
    outputShape: (inputShapes) => {
      const shape = onlyShape(name, inputShapes, 3);
      const [height, width] = kernel.map((size, i) => windowCount(name, shape[i], size, strides[i], padding));
      return [height, width, filters];
    },
    apply: (parameters, [x]) => {
      const sums = tf.conv2d(x as tf.Tensor4D, parameters['kernel'] as tf.Tensor4D, strides, padding);
      return biasAndActivation(options, sums, parameters);
    },
    kerasConfig: () => kerasLayer('Conv2D', name, { ...conv2dConfig(options), groups: 1 }),
  };
}

/** Keras configuration that convolutions and transposed ones share; Keras 3 refuses `groups` in the latter. */
export function conv2dConfig(options: Conv2dOptions) {
  return {
    filters: options.filters,
    kernel_size: pairOf(options.kernelSize),
    strides: pairOf(options.strides ?? 1),
    padding: options.padding ?? 'valid',
    data_format: 'channels_last',
    dilation_rate: [1, 1],
    ...weightedConfig(options),
  };
}
