import { tf } from '@hep/graph';
import { kerasLayer, onlyShape } from '@hep/nn';
import type { Layer } from '@hep/nn';

/** Options of `oneHot`. */
export interface OneHotOptions {
  readonly name: string;
  /** Number of codes: 0 to depth - 1. */
  readonly depth: number;
}

/**
 * One-hot vector of a code: [B, 1] -> [B, depth]. Fractions are cut off; a code outside of the range gives zeros.
 */
export function oneHot(options: OneHotOptions): Layer {
  const { name, depth } = options;
  return {
    name,
    parameters: () => [],
    outputShape: (inputShapes) => {
      const shape = onlyShape(name, inputShapes, 1);
      if (shape[0] !== 1) throw new Error(`layer ${name}: input has ${shape[0]} columns, expected one code`);
      return [depth];
    },
    apply: (_, [code]) => {
      const codes = tf.tensor1d(
        Int32Array.from({ length: depth }, (__, i) => i),
        'int32',
      );
      return tf.cast(tf.equal(tf.cast(code, 'int32'), codes), 'float32');
    },
    kerasConfig: () => ({ ...kerasLayer('OneHotLayer', name, { depth }), isCustom: true }),
  };
}
