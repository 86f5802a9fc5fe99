import { tf } from '@hep/graph';
import { kerasLayer } from '../keras-config.ts';
import type { Layer } from '../layer.ts';

/** Inputs side by side along the last axis. */
export function concatenate(options: { readonly name: string }): Layer {
  const { name } = options;
  return {
    name,
    parameters: () => [],
    outputShape: (inputShapes) => {
      const [first, ...rest] = inputShapes.map((shape) => shape.slice(0, -1));
      if (rest.some((shape) => String(shape) !== String(first))) {
        throw new Error(`layer ${name}: shapes [${inputShapes.join('], [')}] differ before the last axis`);
      }
      return [...first, inputShapes.reduce((sum, shape) => sum + shape[shape.length - 1], 0)];
    },
    apply: (_, inputs) => tf.concat([...inputs], inputs[0].rank - 1),
    kerasConfig: () => kerasLayer('Concatenate', name, { axis: -1 }),
  };
}
