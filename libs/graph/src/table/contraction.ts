/** Matrix products, convolutions and their gradients. Images are [batch, height, width, channel]. */
import type { ConcreteType } from '../ir.ts';
import { elementCount } from '../ir.ts';
import { tf } from '../tfjs.ts';
import type {
  GraphDefEmitter,
  KernelAttributes,
  NodeView,
  OnnxEmitter,
  OpRow,
  TensorFlowAttribute,
} from './row.ts';
import { broadcastShape } from './row.ts';

const matMul: OpRow = {
  record(inputs, attributes) {
    const { a, b } = inputs as { a: ConcreteType; b: ConcreteType };
    const transposeA = Boolean(attributes['transposeA']);
    const transposeB = Boolean(attributes['transposeB']);
    const [rows, left] = lastTwo(a.shape, transposeA);
    const [right, columns] = lastTwo(b.shape, transposeB);
    if (left !== right) throw new Error(`inner dimensions ${left} and ${right} differ`);
    const outer = broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
    return {
      inputs: ['a', 'b'],
      attributes: { transposeA, transposeB },
      outputs: [{ shape: [...outer, rows, columns], dtype: 'float32' }],
    };
  },
  onnx(node, emit) {
    const { transposeA, transposeB } = node.attributes as Record<string, boolean>;
    if (node.inputTypes.slice(0, 2).every((type) => type.shape.length === 2)) {
      return emit.node('Gemm', node.inputs, { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 });
    }
    const operand = (index: number, transposed: boolean) =>
      transposed
        ? swapLastAxes(node.inputs[index]!, node.inputTypes[index]!.shape.length, emit)
        : node.inputs[index]!;
    return emit.node('MatMul', [operand(0, transposeA!), operand(1, transposeB!)]);
  },
  graphDef(node, emit) {
    const { transposeA, transposeB } = node.attributes as Record<string, boolean>;
    if (node.inputTypes.every((type) => type.shape.length === 2)) {
      return emit.node('MatMul', node.inputs, {
        T: { type: 'float32' },
        transpose_a: { bool: transposeA! },
        transpose_b: { bool: transposeB! },
      });
    }
    return emit.node('BatchMatMulV2', node.inputs, {
      T: { type: 'float32' },
      adj_x: { bool: transposeA! },
      adj_y: { bool: transposeB! },
    });
  },
  flops(node) {
    const shape = node.inputTypes[0]!.shape;
    const inner = shape[shape.length - (node.attributes['transposeA'] ? 2 : 1)];
    return 2 * elementCount(node.outputTypes[0]!) * (typeof inner === 'number' ? inner : 1);
  },
};

function lastTwo(shape: readonly number[], transposed: boolean): [number, number] {
  const [rows, columns] = [shape.at(-2)!, shape.at(-1)!];
  return transposed ? [columns, rows] : [rows, columns];
}

function swapLastAxes(name: string, rank: number, emit: OnnxEmitter): string {
  const perm = Array.from({ length: rank }, (_, axis) => axis);
  [perm[rank - 2], perm[rank - 1]] = [rank - 1, rank - 2];
  return emit.node('Transpose', [name], { perm });
}

/** Geometry of a two-dimensional convolution as every emitter needs it. */
interface ConvGeometry {
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  /** top, bottom, left, right */
  readonly pads: readonly [number, number, number, number];
  readonly kernel: readonly [number, number];
}

function convGeometry(
  imageShape: readonly number[],
  filterShape: readonly number[],
  attributes: KernelAttributes,
): { geometry: ConvGeometry; outShape: number[] } {
  const format = (attributes['dataFormat'] as string | undefined) ?? 'NHWC';
  if (format !== 'NHWC') throw new Error(`data format ${format} is not supported, use NHWC`);
  const info = tf.backend_util.computeConv2DInfo(
    imageShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    attributes['strides'] as [number, number],
    (attributes['dilations'] as [number, number] | undefined) ?? 1,
    attributes['pad'] as 'same' | 'valid',
    attributes['dimRoundingMode'] as 'floor' | undefined,
  );
  const { top, bottom, left, right } = info.padInfo;
  return {
    geometry: {
      strides: [info.strideHeight, info.strideWidth],
      dilations: [info.dilationHeight, info.dilationWidth],
      pads: [top, bottom, left, right],
      kernel: [info.filterHeight, info.filterWidth],
    },
    outShape: [...info.outShape],
  };
}

const asAttributes = (geometry: ConvGeometry) => ({
  strides: [...geometry.strides],
  dilations: [...geometry.dilations],
  pads: [...geometry.pads],
  kernel: [...geometry.kernel],
});

const geometryOf = (node: NodeView) => node.attributes as unknown as ConvGeometry;

/** ONNX lists pads as top, left, bottom, right. */
const onnxPads = ([top, bottom, left, right]: ConvGeometry['pads']) => [top, left, bottom, right];

const toChannelsFirst = (name: string, emit: OnnxEmitter) =>
  emit.node('Transpose', [name], { perm: [0, 3, 1, 2] });
const toChannelsLast = (name: string, emit: OnnxEmitter) =>
  emit.node('Transpose', [name], { perm: [0, 2, 3, 1] });

/** Padding as TensorFlow names it. */
function tensorflowPadding(
  node: NodeView,
  imageShape: readonly unknown[],
): Record<string, TensorFlowAttribute> {
  const { strides, dilations, pads, kernel } = geometryOf(node);
  const same = [0, 1].flatMap((axis) => {
    const size = imageShape[axis + 1] as number;
    const covered =
      (Math.ceil(size / strides[axis]!) - 1) * strides[axis]! + (kernel[axis]! - 1) * dilations[axis]! + 1;
    const total = Math.max(0, covered - size);
    return [Math.floor(total / 2), total - Math.floor(total / 2)];
  });
  if (pads.every((amount) => amount === 0)) return { padding: { text: 'VALID' } };
  if (pads.every((amount, index) => amount === same[index])) return { padding: { text: 'SAME' } };
  return { padding: { text: 'EXPLICIT' }, explicit_paddings: { ints: [0, 0, ...pads, 0, 0] } };
}

function tensorflowConv(node: NodeView, imageShape: readonly unknown[]): Record<string, TensorFlowAttribute> {
  const { strides, dilations } = geometryOf(node);
  return {
    T: { type: 'float32' },
    strides: { ints: [1, ...strides, 1] },
    dilations: { ints: [1, ...dilations, 1] },
    data_format: { text: 'NHWC' },
    ...tensorflowPadding(node, imageShape),
  };
}

const conv2d: OpRow = {
  record(inputs, attributes) {
    const { x, filter } = inputs as { x: ConcreteType; filter: ConcreteType };
    const { geometry, outShape } = convGeometry(x.shape, filter.shape, attributes);
    return {
      inputs: ['x', 'filter'],
      attributes: asAttributes(geometry),
      outputs: [{ shape: outShape, dtype: 'float32' }],
    };
  },
  onnx(node, emit) {
    const { strides, dilations, pads, kernel } = geometryOf(node);
    const filter = emit.node('Transpose', [node.inputs[1]!], { perm: [3, 2, 0, 1] });
    const convolved = emit.node(
      'Conv',
      [toChannelsFirst(node.inputs[0]!, emit), filter, ...node.inputs.slice(2)],
      {
        strides,
        dilations,
        pads: onnxPads(pads),
        kernel_shape: kernel,
      },
    );
    return toChannelsLast(convolved, emit);
  },
  graphDef: (node, emit) => emit.node('Conv2D', node.inputs, tensorflowConv(node, node.inputTypes[0]!.shape)),
  flops: (node) => 2 * elementCount(node.outputTypes[0]!) * filterTaps(node, 1, 2),
};

/** Products per output element: kernel area times the channels summed over. */
function filterTaps(node: NodeView, filterInput: number, channelAxis: number): number {
  const shape = node.inputTypes[filterInput]!.shape as readonly number[];
  return shape[0]! * shape[1]! * shape[channelAxis]!;
}

/** Gradient of conv2d with respect to the image; also the forward pass of a transposed convolution. */
const conv2dBackpropInput: OpRow = {
  record(inputs, attributes) {
    const filter = inputs['filter']!;
    const imageShape = attributes['inputShape'] as number[];
    const { geometry } = convGeometry(imageShape, filter.shape, attributes);
    return {
      inputs: ['dy', 'filter'],
      attributes: asAttributes(geometry),
      outputs: [{ shape: [...imageShape], dtype: 'float32' }],
    };
  },
  onnx(node, emit) {
    const { strides, dilations, pads, kernel } = geometryOf(node);
    const image = node.outputTypes[0]!.shape as readonly number[];
    const small = node.inputTypes[0]!.shape as readonly number[];
    const outputPadding = [0, 1].map((axis) => {
      const reached =
        (small[axis + 1]! - 1) * strides[axis]! +
        (kernel[axis]! - 1) * dilations[axis]! +
        1 -
        pads[2 * axis]! -
        pads[2 * axis + 1]!;
      return image[axis + 1]! - reached;
    });
    const filter = emit.node('Transpose', [node.inputs[1]!], { perm: [3, 2, 0, 1] });
    const operands = [toChannelsFirst(node.inputs[0]!, emit), filter, ...node.inputs.slice(2)];
    const spread = emit.node('ConvTranspose', operands, {
      strides,
      dilations,
      pads: onnxPads(pads),
      kernel_shape: kernel,
      output_padding: outputPadding,
    });
    return toChannelsLast(spread, emit);
  },
  graphDef: (node, emit: GraphDefEmitter) =>
    emit.node(
      'Conv2DBackpropInput',
      [emit.shape(node.outputTypes[0]!.shape), node.inputs[1]!, node.inputs[0]!],
      tensorflowConv(node, node.outputTypes[0]!.shape),
    ),
  flops: (node) => 2 * elementCount(node.inputTypes[0]!) * filterTaps(node, 1, 2),
};

/** Gradient of conv2d with respect to the filter: a convolution with batch and channels exchanged. */
const conv2dBackpropFilter: OpRow = {
  record(inputs, attributes) {
    const { x, dy } = inputs as { x: ConcreteType; dy: ConcreteType };
    const filterShape = attributes['filterShape'] as number[];
    const { geometry } = convGeometry(x.shape, filterShape, attributes);
    if (dy.shape.length !== 4) throw new Error('the gradient of a convolution has rank 4');
    return {
      inputs: ['x', 'dy'],
      attributes: asAttributes(geometry),
      outputs: [{ shape: [...filterShape], dtype: 'float32' }],
    };
  },
  onnx(node, emit) {
    const { strides, dilations, pads, kernel } = geometryOf(node);
    const image = node.inputTypes[0]!.shape as readonly number[];
    const small = node.inputTypes[1]!.shape as readonly number[];
    const after = [0, 1].map((axis) => {
      const needed = (kernel[axis]! - 1) * dilations[axis]! + (small[axis + 1]! - 1) * strides[axis]! + 1;
      return needed - image[axis + 1]! - pads[2 * axis]!;
    });
    const swap = (name: string) => emit.node('Transpose', [name], { perm: [3, 0, 1, 2] });
    let source = swap(node.inputs[0]!);
    if (after.some((amount) => amount < 0)) source = crop(source, after, image, emit);
    const gradient = emit.node('Conv', [source, swap(node.inputs[1]!)], {
      strides: dilations,
      dilations: strides,
      pads: onnxPads([pads[0], Math.max(0, after[0]!), pads[2], Math.max(0, after[1]!)]),
      kernel_shape: [small[1]!, small[2]!],
    });
    return emit.node('Transpose', [gradient], { perm: [2, 3, 0, 1] });
  },
};

/** Drops the trailing rows and columns that no window reaches. */
function crop(source: string, after: readonly number[], image: readonly number[], emit: OnnxEmitter): string {
  const ends = [0, 1].map((axis) => image[axis + 1]! + Math.min(0, after[axis]!));
  return emit.node('Slice', [source, emit.ints([0, 0]), emit.ints(ends), emit.ints([2, 3])]);
}

function pooling(onnxOp: string, tensorflowOp: string, flopsPerOutput: (node: NodeView) => number): OpRow {
  return {
    record(inputs, attributes) {
      const x = inputs['x']!;
      const { geometry, outShape } = poolGeometry(x, attributes);
      return {
        inputs: ['x'],
        attributes: asAttributes(geometry),
        outputs: [{ shape: outShape, dtype: 'float32' }],
      };
    },
    onnx(node, emit) {
      const { strides, pads, kernel } = geometryOf(node);
      const pooled = emit.node(onnxOp, [toChannelsFirst(node.inputs[0]!, emit)], {
        strides,
        pads: onnxPads(pads),
        kernel_shape: kernel,
      });
      return toChannelsLast(pooled, emit);
    },
    graphDef(node, emit) {
      const { strides, kernel } = geometryOf(node);
      return emit.node(tensorflowOp, node.inputs, {
        T: { type: 'float32' },
        ksize: { ints: [1, ...kernel, 1] },
        strides: { ints: [1, ...strides, 1] },
        data_format: { text: 'NHWC' },
        ...tensorflowPadding(node, node.inputTypes[0]!.shape),
      });
    },
    flops: flopsPerOutput,
  };
}

function poolGeometry(
  x: ConcreteType,
  attributes: KernelAttributes,
): { geometry: ConvGeometry; outShape: number[] } {
  const info = tf.backend_util.computePool2DInfo(
    x.shape as [number, number, number, number],
    attributes['filterSize'] as [number, number],
    attributes['strides'] as [number, number],
    1,
    attributes['pad'] as 'same' | 'valid',
    attributes['dimRoundingMode'] as 'floor' | undefined,
  );
  const { top, bottom, left, right } = info.padInfo;
  return {
    geometry: {
      strides: [info.strideHeight, info.strideWidth],
      dilations: [1, 1],
      pads: [top, bottom, left, right],
      kernel: [info.filterHeight, info.filterWidth],
    },
    outShape: [...info.outShape],
  };
}

/** Gradients of pooling keep their geometry; `passes/composites.ts` writes them with simpler operations. */
function poolingGradient(operands: readonly string[]): OpRow {
  return {
    record(inputs, attributes) {
      const x = inputs['input'] ?? inputs['x']!;
      const { geometry } = poolGeometry(x, attributes);
      return { inputs: operands, attributes: asAttributes(geometry), outputs: [x] };
    },
  };
}

/** Flops of the window's comparisons or additions, one for each element of the window. */
const windowFlops = (node: NodeView) =>
  elementCount(node.outputTypes[0]!) * geometryOf(node).kernel[0] * geometryOf(node).kernel[1];

/** A row that only `passes/fuse-bias.ts` makes: the product with a third operand that is added to it. */
const withBias = ({ onnx }: OpRow): OpRow => ({
  record: () => {
    throw new Error('biases are fused after tracing');
  },
  onnx,
});

/** Operations that multiply and convolve. */
export const contractionRows: readonly (readonly [string, OpRow])[] = [
  ['BatchMatMul', matMul],
  ['MatMulBias', withBias(matMul)],
  ['Conv2DBias', withBias(conv2d)],
  ['Conv2DBackpropInputBias', withBias(conv2dBackpropInput)],
  ['Conv2D', conv2d],
  ['Conv2DBackpropInput', conv2dBackpropInput],
  ['Conv2DBackpropFilter', conv2dBackpropFilter],
  ['MaxPool', pooling('MaxPool', 'MaxPool', windowFlops)],
  ['AvgPool', pooling('AveragePool', 'AvgPool', windowFlops)],
  ['MaxPoolGrad', poolingGradient(['dy', 'input', 'output'])],
  ['AvgPoolGrad', poolingGradient(['dy', 'input'])],
];
