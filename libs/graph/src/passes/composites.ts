/** Composite operations written with the simpler rows of the op table. */
import type { Attributes } from '../ir.ts';
import { lstmBackward, lstmForward } from '../lstm.ts';
import type { LstmTrace } from '../lstm.ts';
import { tf } from '../tfjs.ts';

type Composite = (inputs: readonly tf.Tensor[], attributes: Attributes) => tf.Tensor[];

interface Windows {
  readonly strides: readonly [number, number];
  readonly pads: readonly [number, number, number, number];
  readonly kernel: readonly [number, number];
}

type Image = [batch: number, height: number, width: number, channels: number];

/** The image with its padding, extended so that every window of every offset can be cut out of it. */
function padded(x: tf.Tensor, windows: Windows, outputs: Image, value: number): tf.Tensor {
  const [, height, width] = x.shape as Image;
  const [top, , left] = windows.pads;
  const reach = (axis: 0 | 1) => (outputs[axis + 1]! - 1) * windows.strides[axis] + windows.kernel[axis];
  const bottom = Math.max(0, reach(0) - height - top);
  const right = Math.max(0, reach(1) - width - left);
  return tf.pad(
    x as tf.Tensor4D,
    [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ],
    value,
  );
}

/** Element (row, column) of every window, [batch, windows down, windows across, channels]. */
function windowElement(
  image: tf.Tensor,
  windows: Windows,
  outputs: Image,
  row: number,
  column: number,
): tf.Tensor {
  const [batch, down, across, channels] = outputs;
  const [strideDown, strideAcross] = windows.strides;
  return tf.stridedSlice(
    image as tf.Tensor4D,
    [0, row, column, 0],
    [batch, row + (down - 1) * strideDown + 1, column + (across - 1) * strideAcross + 1, channels],
    [1, strideDown, strideAcross, 1],
  );
}

/** Inverse of `windowElement`: puts one number for each window at its element, zeros elsewhere. */
function placeElement(
  values: tf.Tensor,
  windows: Windows,
  size: Image,
  row: number,
  column: number,
): tf.Tensor {
  const [batch, down, across, channels] = values.shape as Image;
  const [strideDown, strideAcross] = windows.strides;
  const spread = tf.reshape(
    tf.pad(tf.reshape(values, [batch, down, 1, across, 1, channels]), [
      [0, 0],
      [0, 0],
      [0, strideDown - 1],
      [0, 0],
      [0, strideAcross - 1],
      [0, 0],
    ]),
    [batch, down * strideDown, across * strideAcross, channels],
  );
  const height = Math.min(down * strideDown, size[1] - row);
  const width = Math.min(across * strideAcross, size[2] - column);
  const cut = tf.slice(spread, [0, 0, 0, 0], [batch, height, width, channels]);
  return tf.pad(cut as tf.Tensor4D, [
    [0, 0],
    [row, size[1] - row - height],
    [column, size[2] - column - width],
    [0, 0],
  ]);
}

/** Sums the contributions of every window element and cuts the padding off. */
function gatherWindows(
  windows: Windows,
  image: Image,
  paddedSize: Image,
  element: (row: number, column: number) => tf.Tensor,
): tf.Tensor {
  const terms: tf.Tensor[] = [];
  for (let row = 0; row < windows.kernel[0]; row++) {
    for (let column = 0; column < windows.kernel[1]; column++) {
      terms.push(placeElement(element(row, column), windows, paddedSize, row, column));
    }
  }
  return tf.slice(tf.addN(terms), [0, windows.pads[0], windows.pads[2], 0], image);
}

/** The first largest element of a window takes the gradient, as in TensorFlow. */
const maxPoolGradient: Composite = ([dy, x, y], attributes) => {
  const windows = attributes as unknown as Windows;
  const outputs = y!.shape as Image;
  const source = padded(x!, windows, outputs, -3.4e38);
  let free: tf.Tensor = tf.onesLike(dy!);
  const element = (row: number, column: number) => {
    const equal = tf.cast(tf.equal(windowElement(source, windows, outputs, row, column), y!), 'float32');
    const taken = tf.mul(equal, free);
    free = tf.sub(free, taken);
    return tf.mul(dy!, taken);
  };
  return [gatherWindows(windows, x!.shape as Image, source.shape as Image, element)];
};

const averagePoolGradient: Composite = ([dy, x], attributes) => {
  const windows = attributes as unknown as Windows;
  const outputs = dy!.shape as Image;
  const [, height, width] = x!.shape as Image;
  const inside = padded(tf.ones([1, height, width, 1]), windows, outputs, 0);
  const one: Image = [1, outputs[1], outputs[2], 1];
  const counts: tf.Tensor[] = [];
  for (let row = 0; row < windows.kernel[0]; row++) {
    for (let column = 0; column < windows.kernel[1]; column++) {
      counts.push(windowElement(inside, windows, one, row, column));
    }
  }
  const share = tf.div(dy!, tf.addN(counts));
  const size: Image = [outputs[0], inside.shape[1]!, inside.shape[2]!, outputs[3]];
  return [gatherWindows(windows, x!.shape as Image, size, () => share)];
};

const resizeNearest: Composite = ([images], attributes) => {
  const [down, across] = attributes['factors'] as [number, number];
  const [batch, height, width, channels] = images!.shape as Image;
  const repeated = tf.tile(tf.reshape(images!, [batch, height, 1, width, 1, channels]), [
    1,
    1,
    down,
    1,
    across,
    1,
  ]);
  return [tf.reshape(repeated, [batch, height * down, width * across, channels])];
};

const resizeNearestGradient: Composite = ([dy], attributes) => {
  const [down, across] = attributes['factors'] as [number, number];
  const [batch, height, width, channels] = dy!.shape as Image;
  const blocks = tf.reshape(dy!, [batch, height / down, down, width / across, across, channels]);
  return [tf.sum(blocks, [2, 4])];
};

const batchNormalisation: Composite = ([x, mean, variance, ...rest], attributes) => {
  const offset = attributes['hasOffset'] ? rest.shift()! : tf.scalar(0);
  const deviation = tf.rsqrt(tf.add(variance!, attributes['epsilon'] as number));
  const factor = attributes['hasScale'] ? tf.mul(deviation, rest.shift()!) : deviation;
  return [tf.add(tf.mul(x!, factor), tf.sub(offset, tf.mul(mean!, factor)))];
};

/** What operations that no runtime has are made of. */
export const composites: ReadonlyMap<string, Composite> = new Map<string, Composite>([
  ['Lstm', ([x, kernel, recurrent, bias]) => lstmForward(x!, kernel!, recurrent!, bias!)],
  [
    'LstmGrad',
    ([dHidden, x, kernel, recurrent, ...trace], attributes) =>
      lstmBackward(dHidden!, x!, [kernel!, recurrent!], trace as unknown as LstmTrace, {
        lastOnly: attributes['lastOnly'] as boolean,
      }),
  ],
  ['MaxPoolGrad', maxPoolGradient],
  ['AvgPoolGrad', averagePoolGradient],
  ['ResizeNearestNeighbor', resizeNearest],
  ['ResizeNearestNeighborGrad', resizeNearestGradient],
  ['FusedBatchNorm', batchNormalisation],
]);
