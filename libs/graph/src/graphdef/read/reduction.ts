/** Reductions along axes, arg-max and cumulative sums. */
import { tf } from '../../tfjs.ts';
import type { Rule, Rules } from './rule.ts';

const reduction =
  (op: (x: tf.Tensor, axis: number[], keepDims: boolean) => tf.Tensor): Rule =>
  (node) =>
    op(node.operand(0), node.numbers(1), node.flag('keep_dims'));

const argReduction =
  (op: (x: tf.Tensor, axis: number) => tf.Tensor): Rule =>
  (node) =>
    op(node.operand(0), node.number(1));

/** Operations that sum over axes. */
export const reductionRules: Rules = {
  Sum: reduction(tf.sum),
  Mean: reduction(tf.mean),
  Max: reduction(tf.max),
  Min: reduction(tf.min),
  Prod: reduction(tf.prod),
  All: reduction(tf.all),
  Any: reduction(tf.any),
  ArgMax: argReduction(tf.argMax),
  ArgMin: argReduction(tf.argMin),
  Cumsum: (node) => tf.cumsum(node.operand(0), node.number(1), node.flag('exclusive'), node.flag('reverse')),
};
