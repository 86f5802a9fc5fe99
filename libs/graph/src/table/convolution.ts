/** Convolutions and their gradients. Images are [batch, height, width, channel]. */
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
import type { WindowGeometry } from './windows.ts';
import {
  asAttributes,
  geometryOf,
  onnxPads,
  tensorflowPadding,
  toChannelsFirst,
  toChannelsLast,
} from './windows.ts';
import { withBias } from './with-bias.ts';

function convGeometry(
  imageShape: readonly number[],
  filterShape: readonly number[],
  attributes: KernelAttributes,
): { geometry: WindowGeometry; outShape: number[] } {
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

/** Operations that convolve. */
export const convolutionRows: readonly (readonly [string, OpRow])[] = [
  ['Conv2DBias', withBias(conv2d)],
  ['Conv2DBackpropInputBias', withBias(conv2dBackpropInput)],
  ['Conv2D', conv2d],
  ['Conv2DBackpropInput', conv2dBackpropInput],
  ['Conv2DBackpropFilter', conv2dBackpropFilter],
];
