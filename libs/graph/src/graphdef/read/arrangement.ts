/** Operations that make, move, repeat or pick elements. */
import { tf } from '../../tfjs.ts';
import { constantTensor } from './constant.ts';
import { GraphDefError } from './errors.ts';
import type { NodeReader } from './node-reader.ts';
import type { Rule, Rules } from './rule.ts';
import { affordable } from './value.ts';

/** Amounts [before, after] for each axis. */
function paddings(node: NodeReader): [number, number][] {
  const flat = node.numbers(1);
  const { shape } = node.operand(0);
  if (flat.length !== 2 * shape.length) {
    throw new GraphDefError(`pads ${flat.length / 2} axes; its operand has ${shape.length}`);
  }
  const pairs = shape.map((_, axis): [number, number] => [flat[2 * axis]!, flat[2 * axis + 1]!]);
  if (flat.some((amount) => amount < 0)) throw new GraphDefError('pads by a negative amount');
  affordable(shape.map((size, axis) => size + pairs[axis]![0] + pairs[axis]![1]));
  return pairs;
}

const pad: Rule = (node) => tf.pad(node.operand(0), paddings(node), node.size > 2 ? node.number(2) : 0);

const stridedSlice: Rule = (node) =>
  tf.stridedSlice(
    node.operand(0),
    node.numbers(1),
    node.numbers(2),
    node.numbers(3),
    node.int('begin_mask', 0),
    node.int('end_mask', 0),
    node.int('ellipsis_mask', 0),
    node.int('new_axis_mask', 0),
    node.int('shrink_axis_mask', 0),
  );

const tile: Rule = (node) => {
  const repeats = node.numbers(1);
  affordable(node.operand(0).shape.map((size, axis) => size * (repeats[axis] ?? NaN)));
  return tf.tile(node.operand(0), repeats);
};

const gather: Rule = (node) => {
  if (node.int('batch_dims', 0) !== 0) throw new GraphDefError('batch_dims must be 0');
  const axis = node.number(2);
  const { shape } = node.operand(0);
  affordable([...shape.slice(0, axis), ...node.operand(1).shape, ...shape.slice(axis + 1)]);
  return tf.gather(node.operand(0), tf.cast(node.operand(1), 'int32'), axis);
};

const segmentSum: Rule = (node) => {
  const segments = node.number(2);
  const ids = node.operand(1);
  affordable([segments, ...node.operand(0).shape.slice(ids.shape.length)]);
  return tf.unsortedSegmentSum(node.operand(0), ids as tf.Tensor1D, segments);
};

const oneHot: Rule = (node) => {
  const indices = node.operand(0);
  const axis = node.int('axis', -1);
  if (axis !== -1 && axis !== indices.rank) throw new GraphDefError(`one-hot axis ${axis} must be the last`);
  affordable([...indices.shape, node.number(1)]);
  return tf.oneHot(indices, node.number(1), node.number(2), node.number(3), node.dtype('T'));
};

/** Operations that move, cut and make values. */
export const arrangementRules: Rules = {
  Const: (node) => constantTensor(node.tensor('value')),
  Fill: (node) => tf.fill(affordable(node.numbers(0)), node.number(1), node.operand(1).dtype),
  Shape: (node) => tf.tensor1d(node.operand(0).shape, 'int32'),
  BroadcastTo: (node) => tf.broadcastTo(node.operand(0), affordable(node.numbers(1))),
  Reshape: (node) => tf.reshape(node.operand(0), node.numbers(1)),
  Transpose: (node) => tf.transpose(node.operand(0), node.numbers(1)),
  ConcatV2: (node) => tf.concat(node.all.slice(0, -1), node.number(node.size - 1)),
  Pack: (node) => tf.stack(node.all, node.int('axis', 0)),
  Unpack: (node) => tf.unstack(node.operand(0), node.int('axis', 0)),
  SplitV: (node) => tf.split(node.operand(0), node.numbers(1), node.number(2)),
  Slice: (node) => tf.slice(node.operand(0), node.numbers(1), node.numbers(2)),
  StridedSlice: stridedSlice,
  Pad: pad,
  PadV2: pad,
  Tile: tile,
  ReverseV2: (node) => tf.reverse(node.operand(0), node.numbers(1)),
  GatherV2: gather,
  UnsortedSegmentSum: segmentSum,
  OneHot: oneHot,
};
