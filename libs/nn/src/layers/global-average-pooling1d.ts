import { tf } from '@hep/graph';
import { kerasLayer } from '../keras-config.ts';
import type { Layer } from '../layer.ts';
import { onlyShape } from './windows.ts';

/** Mean over time: [B, T, F] -> [B, F]. */
export function globalAveragePooling1d(options: { readonly name: string }): Layer {
  const { name } = options;
  return {
    name,
    parameters: () => [],
    outputShape: (inputShapes) => [onlyShape(name, inputShapes, 2)[1]],
    apply: (_, [x]) => tf.mean(x, 1),
    kerasConfig: () =>
      kerasLayer('GlobalAveragePooling1D', name, { data_format: 'channels_last', keepdims: false }),
  };
}
