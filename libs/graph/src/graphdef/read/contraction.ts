/** Matrix products, convolutions and pooling; images are [batch, height, width, channel]. */
import { broadcastShape } from '../../table/row.ts';
import { tf } from '../../tfjs.ts';
import { GraphDefError } from './errors.ts';
import type { NodeReader } from './node-reader.ts';
import type { Rule, Rules } from './rule.ts';
import { affordable } from './value.ts';

const matMul =
  (transposeA: string, transposeB: string): Rule =>
  (node) => {
    const [a, b] = [node.operand(0), node.operand(1)];
    const [flipA, flipB] = [node.flag(transposeA), node.flag(transposeB)];
    const rows = a.shape.at(flipA ? -1 : -2) ?? NaN;
    const columns = b.shape.at(flipB ? -2 : -1) ?? NaN;
    affordable([...broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2)), rows, columns]);
    return tf.matMul(a, b, flipA, flipB);
  };

type Pair = [number, number];
type Padding = 'same' | 'valid' | [Pair, Pair, Pair, Pair];

/** Entries for height and width of a list for [batch, height, width, channel]. */
function spatial(node: NodeReader, name: string, fallback?: readonly number[]): Pair {
  const [batch, height, width, channel] = node.ints(name, fallback);
  if (batch !== 1 || channel !== 1 || !(height! >= 1) || !(width! >= 1)) {
    throw new GraphDefError(`attribute "${name}" must be [1, height, width, 1]`);
  }
  return [height!, width!];
}

function padding(node: NodeReader): Padding {
  const kind = node.text('padding', '');
  if (kind === 'SAME') return 'same';
  if (kind === 'VALID') return 'valid';
  const amounts = node.ints('explicit_paddings');
  if (kind !== 'EXPLICIT' || amounts.length !== 8 || amounts.some((amount) => amount < 0)) {
    throw new GraphDefError('attribute "padding" must be SAME, VALID or EXPLICIT with 8 amounts');
  }
  return [0, 2, 4, 6].map((at): Pair => [amounts[at]!, amounts[at + 1]!]) as Padding;
}

function window(node: NodeReader): { strides: Pair; pad: Padding } {
  if (node.text('data_format', 'NHWC') !== 'NHWC') throw new GraphDefError('data format must be NHWC');
  return { strides: spatial(node, 'strides'), pad: padding(node) };
}

const conv2d: Rule = (node) => {
  const { strides, pad } = window(node);
  const dilations = spatial(node, 'dilations', [1, 1, 1, 1]);
  const [image, filter] = [node.operand(0) as tf.Tensor4D, node.operand(1) as tf.Tensor4D];
  const { outShape } = tf.backend_util.computeConv2DInfo(image.shape, filter.shape, strides, dilations, pad);
  affordable(outShape);
  return tf.conv2d(image, filter, strides, pad, 'NHWC', dilations);
};

const conv2dTranspose: Rule = (node) => {
  const { strides, pad } = window(node);
  if (spatial(node, 'dilations', [1, 1, 1, 1]).some((dilation) => dilation !== 1)) {
    throw new GraphDefError('dilated transposed convolutions are not supported');
  }
  const shape = affordable(node.numbers(0)) as [number, number, number, number];
  return tf.conv2dTranspose(
    node.operand(2) as tf.Tensor4D,
    node.operand(1) as tf.Tensor4D,
    shape,
    strides,
    pad,
  );
};

const maxPool: Rule = (node) => {
  const { strides, pad } = window(node);
  return tf.maxPool(node.operand(0) as tf.Tensor4D, spatial(node, 'ksize'), strides, pad);
};

const averagePool: Rule = (node) => {
  const { strides, pad } = window(node);
  if (typeof pad !== 'string') throw new GraphDefError('average pooling takes padding SAME or VALID');
  return tf.avgPool(node.operand(0) as tf.Tensor4D, spatial(node, 'ksize'), strides, pad);
};

/** Operations that multiply and convolve. */
export const contractionRules: Rules = {
  MatMul: matMul('transpose_a', 'transpose_b'),
  BatchMatMulV2: matMul('adj_x', 'adj_y'),
  Conv2D: conv2d,
  Conv2DBackpropInput: conv2dTranspose,
  MaxPool: maxPool,
  AvgPool: averagePool,
};
