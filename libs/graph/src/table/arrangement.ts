/** Operations that move elements: reshape, transpose, concatenation, slices, padding, repetition. */
import type { Attribute, ConcreteType, Dim, ValueType } from '../ir.ts';
import { isBatchDim } from '../ir.ts';
import { tf } from '../tfjs.ts';
import { scalarOf, typedScalar } from './constants.ts';
import type { OpRow, TensorFlowAttribute } from './row.ts';
import { positiveAxis } from './row.ts';

type TypeAttribute = Readonly<Record<string, TensorFlowAttribute>>;

const typeOf = (type: ValueType): TypeAttribute => ({ T: { type: type.dtype } });

/** A list attribute of dimensions, some of which may be symbolic. */
const dims = (attribute: Attribute | undefined): readonly Dim[] => attribute as readonly Dim[];

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

const slice: OpRow = {
  record(inputs, attributes) {
    const x = inputs['x']!;
    const [begin, size] = tf.slice_util.parseSliceParams(
      { shape: [...x.shape], rank: x.shape.length } as unknown as tf.Tensor,
      attributes['begin'] as number[],
      attributes['size'] as number[],
    );
    if (size!.every((length, axis) => length === x.shape[axis])) return { alias: 'x', type: x };
    return { inputs: ['x'], attributes: { begin: begin! }, outputs: [{ shape: size!, dtype: x.dtype }] };
  },
  onnx: (node, emit) => {
    const begin = dims(node.attributes['begin']);
    const from = node.inputTypes[0]!.shape;
    const size = node.outputTypes[0]!.shape;
    const axes = from.map((_, axis) => axis).filter((axis) => !sameDim(from[axis]!, size[axis]!));
    return emit.node('Slice', [
      node.inputs[0]!,
      emit.shape(axes.map((axis) => begin[axis]!)),
      emit.shape(axes.map((axis) => addDims(begin[axis]!, size[axis]!))),
      emit.ints(axes),
    ]);
  },
  graphDef: (node, emit) =>
    emit.node(
      'Slice',
      [node.inputs[0]!, emit.shape(dims(node.attributes['begin'])), emit.shape(node.outputTypes[0]!.shape)],
      { ...typeOf(node.inputTypes[0]!), Index: { type: 'int32' } },
    ),
};

function sameDim(a: Dim, b: Dim): boolean {
  return typeof a === 'number' ? a === b : isBatchDim(b) && a.batch === b.batch;
}

function addDims(a: Dim, b: Dim): Dim {
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  if (isBatchDim(a) && isBatchDim(b)) return { batch: a.batch + b.batch };
  if (a === 0) return b;
  if (b === 0) return a;
  throw new Error('a slice mixes the batch size with a fixed offset');
}

const stridedSlice: OpRow = {
  record(inputs, attributes) {
    const x = inputs['x']!;
    const mask = (name: string) => (attributes[name] as number | undefined) ?? 0;
    const info = tf.slice_util.sliceInfo(
      [...x.shape],
      attributes['begin'] as number[],
      attributes['end'] as number[],
      attributes['strides'] as number[],
      mask('beginMask'),
      mask('endMask'),
      mask('ellipsisMask'),
      mask('newAxisMask'),
      mask('shrinkAxisMask'),
    );
    if (info.finalShapeSparse.length !== info.finalShape.length) {
      throw new Error('strided slices that add axes are not supported; reshape instead');
    }
    return {
      inputs: ['x'],
      attributes: { begin: info.begin, end: info.end, strides: info.strides, sliced: info.finalShapeSparse },
      outputs: [{ shape: info.finalShape, dtype: x.dtype }],
    };
  },
  onnx: (node, emit) => {
    const { begin, end, strides } = node.attributes as Record<string, Attribute>;
    const axes = dims(begin).map((_, axis) => axis);
    const sliced = emit.node('Slice', [
      node.inputs[0]!,
      emit.shape(dims(begin)),
      emit.shape(dims(end)),
      emit.ints(axes),
      emit.ints(strides as number[]),
    ]);
    return emit.node('Reshape', [sliced, emit.reshapeTo(node.outputTypes[0]!.shape)]);
  },
  graphDef: (node, emit) => {
    const { begin, end, strides } = node.attributes as Record<string, Attribute>;
    const zero = { int: 0 };
    const sliced = emit.node(
      'StridedSlice',
      [node.inputs[0]!, emit.shape(dims(begin)), emit.shape(dims(end)), emit.ints(strides as number[])],
      {
        ...typeOf(node.inputTypes[0]!),
        Index: { type: 'int32' },
        begin_mask: zero,
        end_mask: zero,
        ellipsis_mask: zero,
        new_axis_mask: zero,
        shrink_axis_mask: zero,
      },
    );
    return emit.node('Reshape', [sliced, emit.shape(node.outputTypes[0]!.shape)], {
      ...typeOf(node.inputTypes[0]!),
      Tshape: { type: 'int32' },
    });
  },
};

const pad: OpRow = {
  record(inputs, attributes) {
    const x = inputs['x']!;
    const paddings = attributes['paddings'] as [number, number][];
    const shape = x.shape.map((dim, axis) => dim + paddings[axis]![0] + paddings[axis]![1]);
    return {
      inputs: ['x'],
      attributes: {
        before: paddings.map(([before]) => before),
        after: paddings.map(([, after]) => after),
        value: (attributes['constantValue'] as number | undefined) ?? 0,
      },
      outputs: [{ shape, dtype: x.dtype }],
    };
  },
  onnx: (node, emit) => {
    const amounts = [...dims(node.attributes['before']), ...dims(node.attributes['after'])];
    return emit.node('Pad', [
      node.inputs[0]!,
      emit.shape(amounts),
      scalarOf(node.attributes['value'] as number, node.inputTypes[0]!.dtype, emit),
    ]);
  },
  graphDef: (node, emit) => {
    const { before, after, value } = node.attributes as { before: Dim[]; after: Dim[]; value: number };
    const amounts = emit.shape(before.flatMap((amount, axis) => [amount, after[axis]!]));
    const pairs = emit.node('Reshape', [amounts, emit.ints([before.length, 2])], {
      T: { type: 'int32' },
      Tshape: { type: 'int32' },
    });
    const fill = emit.constant(typedScalar(value, node.inputTypes[0]!.dtype), []);
    return emit.node('PadV2', [node.inputs[0]!, pairs, fill], {
      ...typeOf(node.inputTypes[0]!),
      Tpaddings: { type: 'int32' },
    });
  },
};

const tile: OpRow = {
  record(inputs, attributes) {
    const x = inputs['x']!;
    const reps = [...(attributes['reps'] as number[])];
    if (reps.every((count) => count === 1)) return { alias: 'x', type: x };
    const shape = x.shape.map((dim, axis) => dim * reps[axis]!);
    return { inputs: ['x'], attributes: { reps }, outputs: [{ shape, dtype: x.dtype }] };
  },
  onnx: (node, emit) => emit.node('Tile', [node.inputs[0]!, emit.shape(dims(node.attributes['reps']))]),
  graphDef: (node, emit) =>
    emit.node('Tile', [node.inputs[0]!, emit.shape(dims(node.attributes['reps']))], {
      ...typeOf(node.inputTypes[0]!),
      Tmultiples: { type: 'int32' },
    }),
};

const reverse: OpRow = {
  record(inputs, attributes) {
    const x = inputs['x']!;
    const axes = tf.util.parseAxisParam(attributes['dims'] as number[], [...x.shape]);
    return { inputs: ['x'], attributes: { axes }, outputs: [x] };
  },
  onnx: (node, emit) => {
    const axes = node.attributes['axes'] as number[];
    const all = (value: number) => emit.ints(axes.map(() => value));
    return emit.node('Slice', [node.inputs[0]!, all(-1), all(-(2 ** 31)), emit.ints(axes), all(-1)]);
  },
  graphDef: (node, emit) =>
    emit.node('ReverseV2', [node.inputs[0]!, emit.ints(node.attributes['axes'] as number[])], {
      ...typeOf(node.inputTypes[0]!),
      Tidx: { type: 'int32' },
    }),
};

/** Operations that move and cut values. */
export const arrangementRows: readonly (readonly [string, OpRow])[] = [
  ['Identity', identity],
  ['Reshape', reshape],
  ['ExpandDims', expandDims],
  ['Transpose', transpose],
  ['Concat', concat],
  ['Pack', pack],
  ['Unpack', unpack],
  ['SplitV', split],
  ['Slice', slice],
  ['StridedSlice', stridedSlice],
  ['PadV2', pad],
  ['Tile', tile],
  ['Reverse', reverse],
];
