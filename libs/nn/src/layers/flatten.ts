import { tf } from '@hep/graph';
import { kerasLayer } from '../keras-config.ts';
import type { Layer } from '../layer.ts';
import { sizeOf } from '../parameters.ts';
import { onlyShape } from './windows.ts';

/** [B, ...] -> [B, product of the rest]. */
export function flatten(options: { readonly name: string }): Layer {
  const { name } = options;
  return {
    name,
    parameters: () => [],
    outputShape: (inputShapes) => [sizeOf(onlyShape(name, inputShapes))],
    apply: (_, [x]) => tf.reshape(x, [x.shape[0], sizeOf(x.shape.slice(1))]),
    kerasConfig: () => kerasLayer('Flatten', name, { data_format: 'channels_last' }),
  };
}
