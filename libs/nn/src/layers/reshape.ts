import { tf } from '@hep/graph';
import { kerasLayer } from '../keras-config.ts';
import type { Layer } from '../layer.ts';
import { sizeOf } from '../parameters.ts';
import type { Shape } from '../parameters.ts';
import { onlyShape } from './windows.ts';

/** [B, ...] -> [B, ...targetShape], in C order. */
export function reshape(options: { readonly name: string; readonly targetShape: Shape }): Layer {
  const { name, targetShape } = options;
  return {
    name,
    parameters: () => [],
    outputShape: (inputShapes) => {
      const shape = onlyShape(name, inputShapes);
      if (sizeOf(shape) !== sizeOf(targetShape)) {
        throw new Error(`layer ${name}: [${shape}] cannot be reshaped to [${targetShape}]`);
      }
      return targetShape;
    },
    apply: (_, [x]) => tf.reshape(x, [x.shape[0], ...targetShape]),
    kerasConfig: () => kerasLayer('Reshape', name, { target_shape: targetShape }),
  };
}
