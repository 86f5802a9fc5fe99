/** Cases of operations that treat every number alone. */
import { tf } from '../../tfjs.ts';
import { asFloat, B, positive, signed, ties } from './op-case.ts';
import type { CaseOperand, OpCase } from './op-case.ts';

type Unary = (x: tf.Tensor) => tf.Tensor;
type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

/** Functions of one number. */
export const unaryCases: OpCase[] = (
  [
    ['Neg', tf.neg, signed],
    ['Abs', tf.abs, signed],
    ['Sign', tf.sign, ties],
    ['Floor', tf.floor, signed],
    ['Ceil', tf.ceil, signed],
    ['Round', tf.round, ties],
    ['Exp', tf.exp, signed],
    ['Expm1', tf.expm1, signed],
    ['Log', tf.log, positive],
    ['Log1p', tf.log1p, positive],
    ['Sqrt', tf.sqrt, positive],
    ['Rsqrt', tf.rsqrt, positive],
    ['Reciprocal', tf.reciprocal, positive],
    ['Square', tf.square, signed],
    ['Sin', tf.sin, signed],
    ['Cos', tf.cos, signed],
    ['Erf', tf.erf, signed],
    ['Tanh', tf.tanh, signed],
    ['Sigmoid', tf.sigmoid, signed],
    ['Softplus', tf.softplus, signed],
    ['Relu', tf.relu, ties],
    ['Relu6', tf.relu6, ties],
    ['Elu', tf.elu, signed],
    ['LeakyRelu', (x: tf.Tensor) => tf.leakyRelu(x, 0.3), ties],
    ['Step', (x: tf.Tensor) => tf.step(x, 0.25), ties],
    ['Softmax', (x: tf.Tensor) => tf.softmax(x), signed],
    ['LogSoftmax', (x: tf.Tensor) => tf.logSoftmax(x), signed],
    ['ClipByValue', (x: tf.Tensor) => tf.clipByValue(x, -0.5, 0.75), ties],
    ['IsNan', (x: tf.Tensor) => asFloat(tf.isNaN(tf.sqrt(x))), signed],
    ['ZerosLike', (x: tf.Tensor) => tf.add(tf.zerosLike(x), tf.onesLike(x)), signed],
  ] as [string, Unary, (...shape: number[]) => CaseOperand][]
).map(([row, run, operand]) => ({ name: row, rows: [row], operands: [operand(B, 3, 5)], run }));

/** Functions of two numbers, of equal shapes and broadcast. */
export const binaryCases: OpCase[] = (
  [
    ['Add', tf.add, signed],
    ['Sub', tf.sub, signed],
    ['Multiply', tf.mul, signed],
    ['RealDiv', tf.div, positive],
    ['Maximum', tf.maximum, ties],
    ['Minimum', tf.minimum, ties],
    ['SquaredDifference', tf.squaredDifference, signed],
    ['Pow', tf.pow, positive],
    ['Equal', (a, b) => asFloat(tf.equal(a, b)), ties],
    ['NotEqual', (a, b) => asFloat(tf.notEqual(a, b)), ties],
    ['Greater', (a, b) => asFloat(tf.greater(a, b)), ties],
    ['GreaterEqual', (a, b) => asFloat(tf.greaterEqual(a, b)), ties],
    ['Less', (a, b) => asFloat(tf.less(a, b)), ties],
    ['LessEqual', (a, b) => asFloat(tf.lessEqual(a, b)), ties],
    ['LogicalAnd', (a, b) => asFloat(tf.logicalAnd(tf.greater(a, 0), tf.logicalNot(tf.greater(b, 0)))), ties],
    ['LogicalOr', (a, b) => asFloat(tf.logicalOr(tf.greater(a, 0), tf.greater(b, 0))), ties],
  ] as [string, Binary, (...shape: number[]) => CaseOperand][]
).flatMap(([row, run, operand]) => [
  { name: row, rows: [row], operands: [operand(B, 4), operand(B, 4)], run },
  { name: `${row} broadcast`, rows: [row], operands: [operand(B, 2, 4), operand(2, 1)], run },
]);
