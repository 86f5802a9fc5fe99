/** Cases of sums, extrema and the like. */
import { tf } from '../../tfjs.ts';
import { asFloat, B, signed } from './op-case.ts';
import type { OpCase } from './op-case.ts';

/** Results over axes. */
export const reductionCases: OpCase[] = (
  [
    ['Sum', (x, axis, keep) => tf.sum(x, axis, keep)],
    ['Mean', (x, axis, keep) => tf.mean(x, axis, keep)],
    ['Max', (x, axis, keep) => tf.max(x, axis, keep)],
    ['Min', (x, axis, keep) => tf.min(x, axis, keep)],
    ['Prod', (x, axis, keep) => tf.prod(x, axis, keep)],
    ['All', (x, axis, keep) => asFloat(tf.all(tf.greater(x, -1), axis, keep))],
    ['Any', (x, axis, keep) => asFloat(tf.any(tf.greater(x, 1), axis, keep))],
  ] as [string, (x: tf.Tensor, axis: number[], keep: boolean) => tf.Tensor][]
).flatMap(([row, run]) => [
  {
    name: `${row} rows`,
    rows: [row],
    operands: [signed(B, 3, 4)],
    run: (x: tf.Tensor) => run(x, [1, 2], false),
  },
  { name: `${row} kept`, rows: [row], operands: [signed(B, 3, 4)], run: (x: tf.Tensor) => run(x, [1], true) },
  { name: `${row} batch`, rows: [row], operands: [signed(B, 3)], run: (x: tf.Tensor) => run(x, [0], false) },
]);

/** Places, running sums, and means over the batch. */
export const rankCases: OpCase[] = [
  { name: 'ArgMax', rows: ['ArgMax'], operands: [signed(B, 5)], run: (x) => asFloat(tf.argMax(x, 1)) },
  { name: 'ArgMin', rows: ['ArgMin'], operands: [signed(B, 5)], run: (x) => asFloat(tf.argMin(x, -1)) },
  { name: 'Cumsum', rows: ['Cumsum'], operands: [signed(B, 5)], run: (x) => tf.cumsum(x, 1, true, false) },
  {
    name: 'logSumExp',
    rows: ['Exp', 'Log', 'Max'],
    operands: [signed(B, 5)],
    run: (x) => tf.logSumExp(x, 1),
  },
  {
    name: 'mean of everything scales with the batch',
    rows: ['BatchScalar'],
    operands: [signed(B, 3)],
    run: (x) => tf.grad((y: tf.Tensor) => tf.mean(tf.square(y)))(x),
  },
];
