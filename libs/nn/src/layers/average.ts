import { tf } from '@hep/graph';
import { kerasLayer } from '../keras-config.ts';
import type { Layer } from '../layer.ts';

/** Mean of inputs of one shape. */
export function average(options: { readonly name: string }): Layer {
  const { name } = options;
  return {
    name,
    parameters: () => [],
    outputShape: (inputShapes) => {
      const [first, ...rest] = inputShapes;
      if (rest.some((shape) => String(shape) !== String(first))) {
        throw new Error(`layer ${name}: shapes [${inputShapes.join('], [')}] differ`);
      }
      return first;
    },
    apply: (_, inputs) =>
      tf.div(
        inputs.reduce((sum, x) => tf.add(sum, x)),
        inputs.length,
      ),
    kerasConfig: () => kerasLayer('Average', name),
  };
}
