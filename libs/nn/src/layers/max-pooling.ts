import { tf } from '@hep/graph';
import { kerasLayer } from '../keras-config.ts';
import type { Layer } from '../layer.ts';
import { onlyShape, pairOf, windowCount } from './windows.ts';
import type { Padding, Pair } from './windows.ts';

/** Options of `maxPooling2d`. */
export interface MaxPooling2dOptions {
  readonly name: string;
  /** Default 2. */
  readonly poolSize?: Pair;
  /** Default: the pool size. */
  readonly strides?: Pair;
  /** Default `valid`. */
  readonly padding?: Padding;
}

/** Largest value of each window: [B, H, W, C] -> [B, H', W', C]. */
export function maxPooling2d(options: MaxPooling2dOptions): Layer {
  const { name, poolSize = 2, padding = 'valid' } = options;
  const window = pairOf(poolSize);
  const strides = pairOf(options.strides ?? poolSize);
  return {
    name,
    parameters: () => [],
    outputShape: (inputShapes) => {
      const shape = onlyShape(name, inputShapes, 3);
      const [height, width] = window.map((size, i) => windowCount(name, shape[i], size, strides[i], padding));
      return [height, width, shape[2]];
    },
    apply: (_, [x]) => tf.maxPool(x as tf.Tensor4D, window, strides, padding),
    kerasConfig: () =>
      kerasLayer('MaxPooling2D', name, {
        pool_size: window,
        padding,
        strides,
        data_format: 'channels_last',
      }),
  };
}

/** Options of `maxPooling1d`. */
export interface MaxPooling1dOptions {
  readonly name: string;
  /** Default 2. */
  readonly poolSize?: number;
  /** Default: the pool size. */
  readonly strides?: number;
  /** Default `valid`. */
  readonly padding?: Padding;
}

/** Largest value of each window: [B, T, C] -> [B, T', C]. */
export function maxPooling1d(options: MaxPooling1dOptions): Layer {
  const { name, poolSize = 2, padding = 'valid' } = options;
  const strides = options.strides ?? poolSize;
  return {
    name,
    parameters: () => [],
    outputShape: (inputShapes) => {
      const [time, channels] = onlyShape(name, inputShapes, 2);
      return [windowCount(name, time, poolSize, strides, padding), channels];
    },
    apply: (_, [x]) => {
      const [batch, time, channels] = x.shape;
      const image = tf.reshape(x, [batch, time, 1, channels]) as tf.Tensor4D;
      const pooled = tf.maxPool(image, [poolSize, 1], [strides, 1], padding);
      return tf.reshape(pooled, [batch, pooled.shape[1], channels]);
    },
    kerasConfig: () =>
      kerasLayer('MaxPooling1D', name, {
        strides,
        pool_size: poolSize,
        padding,
        data_format: 'channels_last',
      }),
  };
}
