/** Cases of matrix products and convolutions. */
import { tf } from '../../tfjs.ts';
import { B, signed } from './op-case.ts';
import type { OpCase } from './op-case.ts';

/** tfjs-core's convolution gradients, as training uses them. */
const convolution = (strides: number, pad: 'same' | 'valid') => (x: tf.Tensor, filter: tf.Tensor) =>
  tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, strides, pad);

const convolutionCases: OpCase[] = ([1, 2] as const).flatMap((strides) =>
  (['same', 'valid'] as const).flatMap((pad) => {
    const operands = [signed(B, 8, 7, 3), signed(3, 3, 3, 4)];
    const run = convolution(strides, pad);
    const loss = (x: tf.Tensor, filter: tf.Tensor) => tf.sum(tf.square(run(x, filter)));
    const label = `stride ${strides} ${pad}`;
    return [
      { name: `Conv2D ${label}`, rows: ['Conv2D'], operands, run },
      {
        name: `Conv2DBackpropInput ${label}`,
        rows: ['Conv2DBackpropInput'],
        operands,
        run: (x: tf.Tensor, filter: tf.Tensor) => tf.grad((y: tf.Tensor) => loss(y, filter))(x),
        tolerance: 1e-4,
      },
      {
        name: `Conv2DBackpropFilter ${label}`,
        rows: ['Conv2DBackpropFilter'],
        operands,
        run: (x: tf.Tensor, filter: tf.Tensor) => tf.grad((w: tf.Tensor) => loss(x, w))(filter),
        tolerance: 1e-4,
        trainingOnly: true,
      },
    ];
  }),
);

/** Matrix products and convolutions with their gradients. */
export const contractionCases: OpCase[] = [
  {
    name: 'MatMul',
    rows: ['BatchMatMul'],
    operands: [signed(B, 4), signed(4, 3)],
    run: (a, b) => tf.matMul(a, b),
  },
  {
    name: 'MatMul transposed',
    rows: ['BatchMatMul'],
    operands: [signed(B, 4), signed(3, 4)],
    run: (a, b) => tf.matMul(a, b, false, true),
  },
  {
    name: 'MatMul over the batch',
    rows: ['BatchMatMul'],
    operands: [signed(B, 4), signed(B, 3)],
    run: (a, b) => tf.matMul(a, b, true, false),
  },
  {
    name: 'BatchMatMul',
    rows: ['BatchMatMul'],
    operands: [signed(B, 2, 4), signed(B, 3, 4)],
    run: (a, b) => tf.matMul(a, b, false, true),
  },
  ...convolutionCases,
  {
    name: 'dense layer with bias',
    rows: ['MatMulBias'],
    operands: [signed(B, 4), signed(4, 3), signed(3)],
    run: (x, kernel, bias) => tf.add(tf.matMul(x, kernel), bias),
  },
  {
    name: 'sum of a product and a matrix',
    rows: ['MatMulBias'],
    operands: [signed(B, 4), signed(4, 3), signed(B, 3)],
    run: (x, kernel, other) => tf.add(other, tf.matMul(x, kernel)),
  },
  {
    name: 'convolution with bias',
    rows: ['Conv2DBias'],
    operands: [signed(B, 6, 6, 2), signed(3, 3, 2, 4), signed(4)],
    run: (x, filter, bias) => tf.add(convolution(2, 'same')(x, filter), bias),
  },
  {
    name: 'transposed convolution with bias',
    rows: ['Conv2DBackpropInputBias'],
    operands: [signed(B, 4, 4, 5), signed(3, 3, 2, 5), signed(2)],
    run: (x, filter, bias) =>
      tf.add(
        tf.conv2dTranspose(x as tf.Tensor4D, filter as tf.Tensor4D, [x.shape[0]!, 8, 8, 2], 2, 'same'),
        bias,
      ),
  },
  {
    name: 'powers of two',
    rows: ['Pow'],
    operands: [{ shape: [B, 8], draw: 'ties' }],
    run: (x) => tf.pow(2, tf.mul(x, 6)),
    tolerance: 0,
  },
  {
    name: 'conv1d',
    rows: ['Conv2D'],
    operands: [signed(B, 9, 3), signed(1, 3, 5)],
    run: (x, w) => tf.conv1d(x as tf.Tensor3D, w as tf.Tensor3D, 1, 'valid'),
  },
  ...(['Conv2D', 'Conv2DBackpropFilter', 'Conv2DBackpropInput'] as const).map((row) => ({
    name: `${row} of one pixel`,
    rows: [row],
    operands: [signed(B, 5, 4, 3), signed(1, 1, 3, 6)],
    run: (x: tf.Tensor, filter: tf.Tensor) => {
      const convolve = convolution(1, 'same');
      if (row === 'Conv2D') return convolve(x, filter);
      const [dx, dFilter] = tf.grads((a, b) => tf.sum(tf.square(convolve(a, b))))([x, filter]);
      return row === 'Conv2DBackpropInput' ? dx! : dFilter!;
    },
    tolerance: 1e-4,
    trainingOnly: row === 'Conv2DBackpropFilter',
  })),
  {
    name: 'transposed convolution stride 2',
    rows: ['Conv2DBackpropInput'],
    operands: [signed(B, 4, 4, 5), signed(3, 3, 2, 5)],
    run: (x, w) => tf.conv2dTranspose(x as tf.Tensor4D, w as tf.Tensor4D, [x.shape[0]!, 8, 8, 2], 2, 'same'),
  },
];
