/** Cases of reshaping, joining, cutting and choosing. */
import { tf } from '../../tfjs.ts';
import { asFloat, B, signed, ties } from './op-case.ts';
import type { OpCase } from './op-case.ts';

/** Operations that move numbers, choose among them or change their type. */
export const arrangementCases: OpCase[] = [
  { name: 'Reshape', rows: ['Reshape'], operands: [signed(B, 6)], run: (x) => tf.reshape(x, [-1, 2, 3]) },
  { name: 'ExpandDims', rows: ['ExpandDims'], operands: [signed(B, 6)], run: (x) => tf.expandDims(x, 1) },
  {
    name: 'Reshape moves the batch',
    rows: ['Reshape'],
    operands: [signed(B, 6)],
    run: (x) => tf.sum(tf.reshape(x, [x.shape[0]! * 2, 3]), 1),
  },
  {
    name: 'Transpose',
    rows: ['Transpose'],
    operands: [signed(B, 2, 3)],
    run: (x) => tf.transpose(x, [2, 0, 1]),
  },
  {
    name: 'Concat',
    rows: ['Concat'],
    operands: [signed(B, 2), signed(B, 3)],
    run: (a, b) => tf.concat([a, b, a], 1),
  },
  {
    name: 'Pack',
    rows: ['Pack'],
    operands: [signed(B, 2), signed(B, 2)],
    run: (a, b) => tf.stack([a, b], 1),
  },
  {
    name: 'Unpack',
    rows: ['Unpack'],
    operands: [signed(B, 3, 2)],
    run: (x) => {
      const [first, , third] = tf.unstack(x, 1);
      return tf.sub(first!, third!);
    },
  },
  {
    name: 'SplitV',
    rows: ['SplitV'],
    operands: [signed(B, 7)],
    run: (x) => {
      const [first, , third] = tf.split(x, [2, 3, 2], 1);
      return tf.mul(first!, third!);
    },
  },
  { name: 'Slice', rows: ['Slice'], operands: [signed(B, 7)], run: (x) => tf.slice(x, [0, 2], [-1, 3]) },
  {
    name: 'StridedSlice',
    rows: ['StridedSlice'],
    operands: [signed(B, 7, 4)],
    run: (x) => tf.stridedSlice(x, [0, 1, 0], [x.shape[0]!, 7, 4], [1, 3, 2]),
  },
  {
    name: 'StridedSlice backwards',
    rows: ['StridedSlice'],
    operands: [signed(B, 7)],
    run: (x) => tf.stridedSlice(x, [0, 5], [x.shape[0]!, 1], [1, -2]),
  },
  {
    name: 'PadV2',
    rows: ['PadV2'],
    operands: [signed(B, 3)],
    run: (x) =>
      tf.pad(
        x,
        [
          [0, 0],
          [1, 2],
        ],
        0.5,
      ),
  },
  { name: 'Tile', rows: ['Tile'], operands: [signed(B, 1, 3)], run: (x) => tf.tile(x, [1, 4, 2]) },
  { name: 'Reverse', rows: ['Reverse'], operands: [signed(B, 3, 4)], run: (x) => tf.reverse(x, [1, 2]) },
  {
    name: 'GatherV2',
    rows: ['GatherV2'],
    operands: [signed(B, 6)],
    run: (x) => tf.gather(x, tf.tensor1d([5, 0, 0, 3], 'int32'), 1),
  },
  {
    name: 'UnsortedSegmentSum',
    rows: ['UnsortedSegmentSum'],
    operands: [signed(B, 6)],
    run: (x) =>
      tf.grad((y: tf.Tensor) => tf.sum(tf.square(tf.gather(y, tf.tensor1d([5, 0, 0, 3], 'int32'), 1))))(x),
  },
  {
    name: 'OneHot',
    rows: ['OneHot'],
    operands: [{ shape: [B], dtype: 'int32', draw: { below: 6 } }],
    run: (x) => tf.oneHot(x as tf.Tensor1D, 5, 2, -1, 'float32'),
  },
  {
    name: 'Select',
    rows: ['Select'],
    operands: [ties(B, 4), signed(B, 4), signed(B, 4)],
    run: (c, a, b) => tf.where(tf.greater(c, 0), a, b),
  },
  { name: 'Cast', rows: ['Cast'], operands: [signed(B, 4)], run: (x) => asFloat(tf.cast(x, 'int32')) },
  {
    name: 'AddN',
    rows: ['AddN'],
    operands: [signed(B, 4), signed(B, 4), signed(B, 4)],
    run: (a, b, c) => tf.addN([a, b, c]),
  },
  {
    name: 'Fill and Const',
    rows: ['Fill', 'Const', 'OnesLike'],
    operands: [signed(B, 3)],
    run: (x) => tf.add(tf.mul(tf.fill(x.shape, 3), tf.tensor1d([1, 2, 4])), tf.onesLike(x)),
  },
];
