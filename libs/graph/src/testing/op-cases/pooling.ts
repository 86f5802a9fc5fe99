/** Cases of pooling. */
import { tf } from '../../tfjs.ts';
import { B, signed, ties } from './op-case.ts';
import type { OpCase } from './op-case.ts';

const pooled =
  (kind: 'max' | 'avg', size: number, strides: number, pad: 'same' | 'valid') => (x: tf.Tensor) =>
    (kind === 'max' ? tf.maxPool : tf.avgPool)(x as tf.Tensor4D, size, strides, pad);

/**
 * Average pooling as a quotient of two convolutions. Oracle for its gradient: tfjs cpu 4.22 divides by the
 * window's full size even where the window hangs over the border.
 */
const averageByConvolution = (size: number, strides: number, pad: 'same' | 'valid') => (x: tf.Tensor) => {
  const channels = x.shape[3]!;
  const sum = tf.tile(tf.reshape(tf.eye(channels), [1, 1, channels, channels]), [
    size,
    size,
    1,
    1,
  ]) as tf.Tensor4D;
  const convolve = (image: tf.Tensor) => tf.conv2d(image as tf.Tensor4D, sum, strides, pad);
  return tf.div(convolve(x), convolve(tf.onesLike(x)));
};

const poolingLoss = (pool: (x: tf.Tensor) => tf.Tensor) => (x: tf.Tensor) =>
  tf.grad((y: tf.Tensor) => {
    const window = pool(y);
    return tf.sum(tf.mul(window, tf.add(window, 1)));
  })(x);

/** Pooling and its gradients. */
export const poolingCases: OpCase[] = (
  [
    [2, 2, 'same', 8],
    [2, 2, 'valid', 7],
    [3, 2, 'same', 7],
    [3, 1, 'valid', 5],
  ] as const
).flatMap(([size, strides, pad, side]) =>
  (['max', 'avg'] as const).flatMap((kind) => {
    const run = pooled(kind, size, strides, pad);
    const row = kind === 'max' ? 'MaxPool' : 'AvgPool';
    const label = `${size}x${size} stride ${strides} ${pad}`;
    return [
      { name: `${row} ${label}`, rows: [row], operands: [signed(B, side, side, 2)], run },
      {
        name: `${row}Grad ${label}`,
        rows: [`${row}Grad`],
        operands: [kind === 'max' ? ties(B, side, side, 2) : signed(B, side, side, 2)],
        run: poolingLoss(run),
        ...(kind === 'avg' ? { eagerOracle: poolingLoss(averageByConvolution(size, strides, pad)) } : {}),
      },
    ];
  }),
);
