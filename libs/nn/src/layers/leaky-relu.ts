import { tf } from '@hep/graph';
import { kerasLayer } from '../keras-config.ts';
import type { Layer } from '../layer.ts';
import { onlyShape } from './windows.ts';

/** `x` where positive, else `slope * x`, for a slope from 0 to 1; the shape stays. */
export function leakyRelu(options: { readonly name: string; readonly slope: number }): Layer {
  const { name, slope } = options;
  return {
    name,
    parameters: () => [],
    outputShape: (inputShapes) => onlyShape(name, inputShapes),
    apply: (_, [x]) => tf.maximum(x, tf.mul(x, slope)),
    kerasConfig: () => kerasLayer('LeakyReLU', name, { alpha: slope }),
  };
}
