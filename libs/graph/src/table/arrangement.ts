/** Operations that give elements another shape, order or neighbours: reshape, transpose, concatenation. */
import type { ConcreteType } from '../ir.ts';
import { isBatchDim } from '../ir.ts';
import { tf } from '../tfjs.ts';
import { dims, typeOf } from './attributes.ts';
import type { OpRow } from './row.ts';
import { positiveAxis } from './row.ts';

const reshape: OpRow = {
  record(inputs, attributes) {
    const x = inputs['x']!;
    const size = tf.util.sizeFromShape([...x.shape]);
    const shape = tf.util.inferFromImplicitShape((attributes['shape'] as number[]) ?? [], size);
    return reshaped(x, shape);
  },
  onnx: (node, emit) => emit.node('Reshape', [node.inputs[0]!, emit.reshapeTo(node.outputTypes[0]!.shape)]),
  graphDef: (node, emit) => {
    const target = node.outputTypes[0]!.shape;
    const symbolic = target.filter(isBatchDim).length;
    const shape =
      symbolic === 1 ? emit.ints(target.map((dim) => (isBatchDim(dim) ? -1 : dim))) : emit.shape(target);
    return emit.node('Reshape', [node.inputs[0]!, shape], {
      ...typeOf(node.inputTypes[0]!),
      Tshape: { type: 'int32' },
    });
  },
};

function reshaped(x: ConcreteType, shape: number[]): ReturnType<OpRow['record']> {
  const same = shape.length === x.shape.length && shape.every((dim, axis) => dim === x.shape[axis]);
  if (same) return { alias: 'x', type: x };
  return { inputs: ['x'], attributes: {}, outputs: [{ shape, dtype: x.dtype }], op: 'Reshape' };
}

const expandDims: OpRow = {
  record(inputs, attributes) {
    const x = inputs[Object.keys(inputs)[0]!]!;
    const dim = attributes['dim'] as number;
    const axis = dim < 0 ? dim + x.shape.length + 1 : dim;
    const shape = [...x.shape.slice(0, axis), 1, ...x.shape.slice(axis)];
    return {
      inputs: Object.keys(inputs),
      attributes: {},
      outputs: [{ shape, dtype: x.dtype }],
      op: 'Reshape',
    };
  },
};

const identity: OpRow = {
  record: (inputs) => ({ alias: 'x', type: inputs['x']! }),
};

const transpose: OpRow = {
  record(inputs, attributes) {
    const x = inputs['x']!;
    const perm = [...(attributes['perm'] as number[])];
    if (perm.every((source, target) => source === target)) return { alias: 'x', type: x };
    return {
      inputs: ['x'],
      attributes: { perm },
      outputs: [{ shape: perm.map((axis) => x.shape[axis]!), dtype: x.dtype }],
    };
  },
  onnx: (node, emit) => emit.node('Transpose', node.inputs, { perm: node.attributes['perm'] as number[] }),
  graphDef: (node, emit) =>
    emit.node('Transpose', [node.inputs[0]!, emit.ints(node.attributes['perm'] as number[])], {
      ...typeOf(node.inputTypes[0]!),
      Tperm: { type: 'int32' },
    }),
};

/** tfjs names the operands of list kernels 0, 1, 2, ... */
function listed(inputs: Readonly<Record<string, ConcreteType>>): { names: string[]; types: ConcreteType[] } {
  const names = Object.keys(inputs).sort((a, b) => Number(a) - Number(b));
  return { names, types: names.map((name) => inputs[name]!) };
}

const concat: OpRow = {
  record(inputs, attributes) {
    const { names, types } = listed(inputs);
    const axis = positiveAxis(attributes['axis'] as number, types[0]!.shape.length);
    const total = types.reduce((sum, type) => sum + type.shape[axis]!, 0);
    const shape = types[0]!.shape.map((dim, index) => (index === axis ? total : dim));
    return { inputs: names, attributes: { axis }, outputs: [{ shape, dtype: types[0]!.dtype }] };
  },
  onnx: (node, emit) => emit.node('Concat', node.inputs, { axis: node.attributes['axis'] as number }),
  graphDef: (node, emit) =>
    emit.node('ConcatV2', [...node.inputs, emit.scalarInt(node.attributes['axis'] as number)], {
      ...typeOf(node.outputTypes[0]!),
      N: { int: node.inputs.length },
      Tidx: { type: 'int32' },
    }),
};

const pack: OpRow = {
  record(inputs, attributes) {
    const { names, types } = listed(inputs);
    const axis = positiveAxis(attributes['axis'] as number, types[0]!.shape.length + 1);
    const shape = [...types[0]!.shape.slice(0, axis), names.length, ...types[0]!.shape.slice(axis)];
    return { inputs: names, attributes: { axis }, outputs: [{ shape, dtype: types[0]!.dtype }] };
  },
  onnx: (node, emit) => {
    const axis = node.attributes['axis'] as number;
    const at = emit.ints([axis]);
    return emit.node(
      'Concat',
      node.inputs.map((input) => emit.node('Unsqueeze', [input, at])),
      { axis },
    );
  },
  graphDef: (node, emit) =>
    emit.node('Pack', node.inputs, {
      ...typeOf(node.outputTypes[0]!),
      N: { int: node.inputs.length },
      axis: { int: node.attributes['axis'] as number },
    }),
};

const unpack: OpRow = {
  record(inputs, attributes) {
    const value = inputs['value']!;
    const axis = positiveAxis(attributes['axis'] as number, value.shape.length);
    const shape = value.shape.filter((_, index) => index !== axis);
    const outputs = Array.from({ length: value.shape[axis]! }, () => ({ shape, dtype: value.dtype }));
    return { inputs: ['value'], attributes: { axis }, outputs, several: true };
  },
  onnx: (node, emit) => {
    const axis = node.attributes['axis'] as number;
    const count = node.outputTypes.length;
    const parts = emit.nodes('Split', [node.inputs[0]!, emit.ints(new Array<number>(count).fill(1))], count, {
      axis,
    });
    const at = emit.ints([axis]);
    return parts.map((part) => emit.node('Squeeze', [part, at]));
  },
  graphDef: (node, emit) => {
    const first = emit.node('Unpack', node.inputs, {
      ...typeOf(node.inputTypes[0]!),
      num: { int: node.outputTypes.length },
      axis: { int: node.attributes['axis'] as number },
    });
    return node.outputTypes.map((_, index) => (index === 0 ? first : `${first}:${index}`));
  },
};

const split: OpRow = {
  record(inputs, attributes) {
    const x = inputs['x']!;
    const axis = positiveAxis(attributes['axis'] as number, x.shape.length);
    const given = attributes['numOrSizeSplits'] as number | number[];
    const tensor = { shape: [...x.shape] } as unknown as tf.Tensor;
    const sizes = tf.backend_util.prepareSplitSize(tensor, given, axis);
    const outputs = sizes.map((size) => ({
      shape: x.shape.map((dim, index) => (index === axis ? size : dim)),
      dtype: x.dtype,
    }));
    return { inputs: ['x'], attributes: { axis, sizes }, outputs, several: true };
  },
  onnx: (node, emit) =>
    emit.nodes(
      'Split',
      [node.inputs[0]!, emit.shape(dims(node.attributes['sizes']))],
      node.outputTypes.length,
      {
        axis: node.attributes['axis'] as number,
      },
    ),
  graphDef: (node, emit) => {
    const sizes = emit.shape(dims(node.attributes['sizes']));
    const first = emit.node(
      'SplitV',
      [node.inputs[0]!, sizes, emit.scalarInt(node.attributes['axis'] as number)],
      {
        ...typeOf(node.inputTypes[0]!),
        Tlen: { type: 'int32' },
        num_split: { int: node.outputTypes.length },
      },
    );
    return node.outputTypes.map((_, index) => (index === 0 ? first : `${first}:${index}`));
  },
};

/** Operations that give elements another shape, order or neighbours. */
export const arrangementRows: readonly (readonly [string, OpRow])[] = [
  ['Identity', identity],
  ['Reshape', reshape],
  ['ExpandDims', expandDims],
  ['Transpose', transpose],
  ['Concat', concat],
  ['Pack', pack],
  ['Unpack', unpack],
  ['SplitV', split],
];
