import { seededMask, tf } from '@hep/graph';
import { kerasLayer } from '../keras-config.ts';
import type { Layer } from '../layer.ts';
import { onlyShape } from './windows.ts';

/**
 * In training, zeroes a fraction `rate` of the elements and scales the others by 1 / (1 - rate). The mask depends only
 * on the context's seed, the layer's path and how often the layer was applied before.
 */
export function dropout(options: { readonly name: string; readonly rate: number }): Layer {
  const { name, rate } = options;
  return {
    name,
    parameters: () => [],
    outputShape: (inputShapes) => onlyShape(name, inputShapes),
    apply: (_, [x], context) => {
      if (!context.training || rate === 0) return x;
      if (context.seed === undefined) throw new Error(`layer ${name}: training needs a seed`);
      return tf.mul(x, seededMask(x.shape, rate, context.seed, context.nextStream()));
    },
    kerasConfig: () => kerasLayer('Dropout', name, { rate, noise_shape: null, seed: null }),
  };
}
