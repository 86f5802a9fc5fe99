import { tf } from '@hep/graph';
import { kerasLayer, onlyShape } from '@hep/nn';
import type { Layer } from '@hep/nn';

/** Options of `maskLayer`. */
export interface MaskLayerOptions {
  readonly name: string;
  readonly filters: number;
  /** One entry per pixel; true: its features stay. */
  readonly keep: readonly boolean[];
}

/** Keeps the features of some pixels: [B, pixels * filters] -> [B, kept pixels * filters]. */
export function maskLayer(options: MaskLayerOptions): Layer {
  const { name, filters, keep } = options;
  const kept = keep.flatMap((stays, pixel) =>
    stays ? Array.from({ length: filters }, (_, f) => pixel * filters + f) : [],
  );
  const size = keep.length * filters;
  return {
    name,
    parameters: () => [],
    outputShape: (inputShapes) => {
      const [given] = onlyShape(name, inputShapes, 1);
      if (given !== size) throw new Error(`layer ${name}: input has ${given} features, the mask ${size}`);
      return [kept.length];
    },
    apply: (_, [x]) => takeColumns(x, kept),
    kerasConfig: () => ({
      ...kerasLayer('MaskLayer', name, { nFilter: filters, arrMask: [keep.map(Number)] }),
      isCustom: true,
    }),
  };
}

/** Columns of a matrix; the gradient gathers too, from the result and one column of zeros. */
function takeColumns(x: tf.Tensor, columns: readonly number[]): tf.Tensor {
  const width = x.shape[1]!;
  const origin = new Int32Array(width).fill(columns.length);
  columns.forEach((column, i) => (origin[column] = i));
  const take = tf.customGrad((data) => ({
    value: tf.gather(data as tf.Tensor, tf.tensor1d([...columns], 'int32'), 1),
    gradFunc: (dy: tf.Tensor) =>
      tf.gather(
        tf.pad(dy, [
          [0, 0],
          [0, 1],
        ]),
        tf.tensor1d(origin, 'int32'),
        1,
      ),
  }));
  return take(x);
}
