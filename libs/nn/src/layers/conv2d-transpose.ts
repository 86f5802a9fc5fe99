import { tf } from '@hep/graph';
import { kerasLayer } from '../keras-config.ts';
import type { Layer } from '../layer.ts';
import type { Shape } from '../parameters.ts';
import { conv2dConfig } from './conv2d.ts';
import type { Conv2dOptions } from './conv2d.ts';
import { biasAndActivation, weightedParameters } from './weighted.ts';
import { onlyShape, pairOf, transposedSize } from './windows.ts';

/**
 * Transposed convolution [B, H, W, C] -> [B, H', W', filters]; kernel [kh, kw, filters, C] (outputs before inputs).
 * With `same` padding H' = H * stride.
 */
export function conv2dTranspose(options: Conv2dOptions): Layer {
  const { name, filters, padding = 'valid' } = options;
  const kernel = pairOf(options.kernelSize);
  const strides = pairOf(options.strides ?? 1);
  const outputShape = (inputShapes: readonly Shape[]): [number, number, number] => {
    const shape = onlyShape(name, inputShapes, 3);
    const [height, width] = kernel.map((size, i) => transposedSize(shape[i], size, strides[i], padding));
    return [height, width, filters];
  };
  return {
    name,
    parameters: (inputShapes) =>
      weightedParameters(options, [...kernel, filters, onlyShape(name, inputShapes, 3)[2]], filters),
    outputShape,
    apply: (parameters, [x]) => {
      const sums = tf.conv2dTranspose(
        x as tf.Tensor4D,
        parameters['kernel'] as tf.Tensor4D,
        [x.shape[0], ...outputShape([x.shape.slice(1)])],
        strides,
        padding,
      );
      return biasAndActivation(options, sums, parameters);
    },
    kerasConfig: () =>
      kerasLayer('Conv2DTranspose', name, { ...conv2dConfig(options), output_padding: null }),
  };
}
