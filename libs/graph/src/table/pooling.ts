/** The largest value or the mean of windows, and their gradients. Images are [batch, height, width, channel]. */
import type { ConcreteType } from '../ir.ts';
import { elementCount } from '../ir.ts';
import { tf } from '../tfjs.ts';
import type { KernelAttributes, NodeView, OpRow } from './row.ts';
import type { WindowGeometry } from './windows.ts';
import {
  asAttributes,
  geometryOf,
  onnxPads,
  tensorflowPadding,
  toChannelsFirst,
  toChannelsLast,
} from './windows.ts';

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
): { geometry: WindowGeometry; outShape: number[] } {
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

/** Operations that pool. */
export const poolingRows: readonly (readonly [string, OpRow])[] = [
  ['MaxPool', pooling('MaxPool', 'MaxPool', windowFlops)],
  ['AvgPool', pooling('AveragePool', 'AvgPool', windowFlops)],
  ['MaxPoolGrad', poolingGradient(['dy', 'input', 'output'])],
  ['AvgPoolGrad', poolingGradient(['dy', 'input'])],
];
