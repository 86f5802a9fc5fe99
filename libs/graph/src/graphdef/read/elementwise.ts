/** Operations that act on each element. */
import { broadcastShape } from '../../table/row.ts';
import { tf } from '../../tfjs.ts';
import type { Rule, Rules } from './rule.ts';
import { affordable } from './value.ts';

const unary =
  (op: (x: tf.Tensor) => tf.Tensor): Rule =>
  (node) =>
    op(node.operand(0));

const binary =
  (op: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Rule =>
  (node) => {
    const [a, b] = [node.operand(0), node.operand(1)];
    affordable(broadcastShape(a.shape, b.shape));
    return op(a, b);
  };

/** The identity, whose gradient is zero. */
const stopGradient = tf.customGrad((x) => ({
  value: tf.clone(x as tf.Tensor),
  gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy),
}));

const select: Rule = (node) => {
  const [condition, yes, no] = [node.operand(0), node.operand(1), node.operand(2)];
  affordable(broadcastShape(broadcastShape(condition.shape, yes.shape), no.shape));
  return tf.where(condition, yes, no);
};

/** Operations that treat each element by itself. */
export const elementwiseRules: Rules = {
  AddV2: binary(tf.add),
  BiasAdd: binary(tf.add),
  Sub: binary(tf.sub),
  Mul: binary(tf.mul),
  RealDiv: binary(tf.div),
  FloorDiv: binary(tf.floorDiv),
  Maximum: binary(tf.maximum),
  Minimum: binary(tf.minimum),
  Pow: binary(tf.pow),
  SquaredDifference: binary(tf.squaredDifference),
  AddN: (node) => tf.addN(node.all),
  Equal: binary(tf.equal),
  NotEqual: binary(tf.notEqual),
  Greater: binary(tf.greater),
  GreaterEqual: binary(tf.greaterEqual),
  Less: binary(tf.less),
  LessEqual: binary(tf.lessEqual),
  LogicalAnd: binary(tf.logicalAnd),
  LogicalOr: binary(tf.logicalOr),
  LogicalNot: unary(tf.logicalNot),
  SelectV2: select,
  Cast: (node) => tf.cast(node.operand(0), node.dtype('DstT')),
  Identity: unary(tf.clone),
  StopGradient: unary((x) => stopGradient(x)),
  Neg: unary(tf.neg),
  Abs: unary(tf.abs),
  Sign: unary(tf.sign),
  Floor: unary(tf.floor),
  Ceil: unary(tf.ceil),
  Round: unary(tf.round),
  Exp: unary(tf.exp),
  Expm1: unary(tf.expm1),
  Log: unary(tf.log),
  Log1p: unary(tf.log1p),
  Sqrt: unary(tf.sqrt),
  Rsqrt: unary(tf.rsqrt),
  Reciprocal: unary(tf.reciprocal),
  Square: unary(tf.square),
  Sin: unary(tf.sin),
  Cos: unary(tf.cos),
  Erf: unary(tf.erf),
  IsNan: unary(tf.isNaN),
  Tanh: unary(tf.tanh),
  Sigmoid: unary(tf.sigmoid),
  Softplus: unary(tf.softplus),
  Relu: unary(tf.relu),
  Relu6: unary(tf.relu6),
  Elu: unary(tf.elu),
  LeakyRelu: (node) => tf.leakyRelu(node.operand(0), node.float('alpha', 0.2)),
  ClipByValue: (node) => tf.clipByValue(node.operand(0), node.number(1), node.number(2)),
  OnesLike: unary((x) => tf.onesLike(x)),
  ZerosLike: unary((x) => tf.zerosLike(x)),
  Softmax: unary((x) => tf.softmax(x)),
  LogSoftmax: unary((x) => tf.logSoftmax(x)),
};
