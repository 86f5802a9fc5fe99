/**
 * Operations that stay one node in the graph and are written with simpler rows before they are emitted
 * (passes/lower.ts): recurrent layers, image resizing, batch normalisation at inference.
 */
import type { ConcreteType } from '../ir.ts';
import type { OpRow } from './row.ts';

const lstm: OpRow = {
  record(inputs) {
    const { x, recurrentKernel } = inputs as { x: ConcreteType; recurrentKernel: ConcreteType };
    const [batch, time] = x.shape as [number, number, number];
    const units = recurrentKernel.shape[0]!;
    const hidden: ConcreteType = { shape: [units, time * batch], dtype: 'float32' };
    const gates: ConcreteType = { shape: [time * 3 * units, batch], dtype: 'float32' };
    const sequence: ConcreteType = { shape: [time * units, batch], dtype: 'float32' };
    return {
      inputs: ['x', 'kernel', 'recurrentKernel', 'bias'],
      attributes: {},
      outputs: [hidden, gates, sequence, sequence, sequence],
    };
  },
};

const lstmGradient: OpRow = {
  record(inputs, attributes) {
    const trace = ['hidden', 'gates', 'candidates', 'cells', 'squashedCells'];
    const operands = ['dHidden', 'x', 'kernel', 'recurrentKernel', ...trace];
    const { x, kernel, recurrentKernel } = inputs as Record<string, ConcreteType>;
    const bias: ConcreteType = { shape: [kernel!.shape[1]!], dtype: 'float32' };
    return {
      inputs: operands,
      attributes: { lastOnly: Boolean(attributes['lastOnly']) },
      outputs: [x!, kernel!, recurrentKernel!, bias],
    };
  },
};

const resizeNearest: OpRow = {
  record(inputs, attributes) {
    const images = inputs['images']!;
    const [batch, height, width, channels] = images.shape as [number, number, number, number];
    const [newHeight, newWidth] = attributes['size'] as [number, number];
    const factors = [newHeight / height, newWidth / width];
    if (!factors.every(Number.isInteger)) throw new Error('nearest-neighbour resizing needs whole factors');
    return {
      inputs: ['images'],
      attributes: { factors },
      outputs: [{ shape: [batch, newHeight, newWidth, channels], dtype: images.dtype }],
    };
  },
  // TensorFlow's profiler counts the product that makes the new height and width.
  flops: () => 2,
};

const resizeNearestGradient: OpRow = {
  record(inputs) {
    const { images, dy } = inputs as { images: ConcreteType; dy: ConcreteType };
    const factors = [dy.shape[1]! / images.shape[1]!, dy.shape[2]! / images.shape[2]!];
    if (!factors.every(Number.isInteger)) throw new Error('nearest-neighbour resizing needs whole factors');
    return { inputs: ['dy'], attributes: { factors }, outputs: [images] };
  },
};

const batchNormalisation: OpRow = {
  record(inputs, attributes) {
    const operands = ['x', 'mean', 'variance', 'offset', 'scale'].filter((name) => name in inputs);
    return {
      inputs: operands,
      attributes: {
        epsilon: (attributes['varianceEpsilon'] as number | undefined) ?? 0.001,
        hasOffset: 'offset' in inputs,
        hasScale: 'scale' in inputs,
      },
      outputs: [inputs['x']!],
    };
  },
};

/** Random numbers: the executor feeds them, so every engine sees the same values. */
function seeded(keep: readonly string[]): OpRow {
  return {
    record: (_inputs, attributes) => ({
      inputs: ['seed'],
      attributes: Object.fromEntries(keep.map((name) => [name, attributes[name] as number])),
      outputs: [{ shape: [...(attributes['shape'] as number[])], dtype: 'float32' }],
    }),
  };
}

/** Average over replicas; the identity on one device. */
const allReduceMean: OpRow = {
  record: (inputs) => ({ inputs: ['x'], attributes: {}, outputs: [inputs['x']!] }),
  onnx: (node, emit) => emit.node('Identity', node.inputs),
};

/** Operations that are made of others. */
export const compositeRows: readonly (readonly [string, OpRow])[] = [
  ['Lstm', lstm],
  ['LstmGrad', lstmGradient],
  ['ResizeNearestNeighbor', resizeNearest],
  ['ResizeNearestNeighborGrad', resizeNearestGradient],
  ['FusedBatchNorm', batchNormalisation],
  ['SeededUniform', seeded(['stream'])],
  ['SeededMask', seeded(['stream', 'rate'])],
  ['AllReduceMean', allReduceMean],
];
