/** Operations that take a part of a tensor, or enlarge it: slices, padding, repetition; and its reverse. */
import type { Attribute, Dim } from '../ir.ts';
import { isBatchDim } from '../ir.ts';
import { tf } from '../tfjs.ts';
import { scalarOf, typedScalar } from './constants.ts';
import { dims, typeOf } from './attributes.ts';
import type { OpRow } from './row.ts';

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

/** Operations that cut, enlarge or reverse. */
export const extentRows: readonly (readonly [string, OpRow])[] = [
  ['Slice', slice],
  ['StridedSlice', stridedSlice],
  ['PadV2', pad],
  ['Tile', tile],
  ['Reverse', reverse],
];
