/** Sliding windows over images [batch, height, width, channel], as convolutions and pooling have them. */
import type { NodeView, OnnxEmitter, TensorFlowAttribute } from './row.ts';

/** Windows over an image as every emitter needs them. */
export interface WindowGeometry {
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  /** top, bottom, left, right */
  readonly pads: readonly [number, number, number, number];
  readonly kernel: readonly [number, number];
}

/** The geometry as attributes of an operation. */
export const asAttributes = (geometry: WindowGeometry) => ({
  strides: [...geometry.strides],
  dilations: [...geometry.dilations],
  pads: [...geometry.pads],
  kernel: [...geometry.kernel],
});

/** The geometry that an operation has as its attributes. */
export const geometryOf = (node: NodeView) => node.attributes as unknown as WindowGeometry;

/** ONNX lists pads as top, left, bottom, right. */
export const onnxPads = ([top, bottom, left, right]: WindowGeometry['pads']) => [top, left, bottom, right];

/** Images as ONNX has them. */
export const toChannelsFirst = (name: string, emit: OnnxEmitter) =>
  emit.node('Transpose', [name], { perm: [0, 3, 1, 2] });

/** Images as they are everywhere else. */
export const toChannelsLast = (name: string, emit: OnnxEmitter) =>
  emit.node('Transpose', [name], { perm: [0, 2, 3, 1] });

/** Padding as TensorFlow names it. */
export function tensorflowPadding(
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
