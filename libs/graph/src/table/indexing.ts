/** Operations that read or write by index: gather, its gradient, one-hot vectors. */
import type { ConcreteType, Dim, DType } from '../ir.ts';
import { scalarOf, typedScalar } from './constants.ts';
import type { GraphDefEmitter, OpRow } from './row.ts';
import { positiveAxis } from './row.ts';

const gather: OpRow = {
  record(inputs, attributes) {
    const { x, indices } = inputs as { x: ConcreteType; indices: ConcreteType };
    if (((attributes['batchDims'] as number | undefined) ?? 0) !== 0) throw new Error('batchDims must be 0');
    const axis = positiveAxis(attributes['axis'] as number, x.shape.length);
    const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
    return { inputs: ['x', 'indices'], attributes: { axis }, outputs: [{ shape, dtype: x.dtype }] };
  },
  onnx: (node, emit) => emit.node('Gather', node.inputs, { axis: node.attributes['axis'] as number }),
  graphDef: (node, emit) =>
    emit.node('GatherV2', [...node.inputs, emit.scalarInt(node.attributes['axis'] as number)], {
      Tparams: { type: node.inputTypes[0]!.dtype },
      Tindices: { type: 'int32' },
      Taxis: { type: 'int32' },
      batch_dims: { int: 0 },
    }),
};

/** Gradient of gather: rows of `x` are summed into the rows that the indices name. */
const segmentSum: OpRow = {
  record(inputs, attributes) {
    const { x, segmentIds } = inputs as { x: ConcreteType; segmentIds: ConcreteType };
    const segments = attributes['numSegments'] as number;
    const shape = [segments, ...x.shape.slice(segmentIds.shape.length)];
    return { inputs: ['x', 'segmentIds'], attributes: {}, outputs: [{ shape, dtype: x.dtype }] };
  },
  onnx: (node, emit) => {
    const zeros = emit.node('Expand', [
      scalarOf(0, node.outputTypes[0]!.dtype, emit),
      emit.shape(node.outputTypes[0]!.shape),
    ]);
    const ids = emit.node('Cast', [node.inputs[1]!], { to: 7 });
    const points = emit.node('Unsqueeze', [ids, emit.ints([node.inputTypes[1]!.shape.length])]);
    return emit.node('ScatterND', [zeros, points, node.inputs[0]!], { reduction: 'add' });
  },
  graphDef: (node, emit) =>
    emit.node('UnsortedSegmentSum', [...node.inputs, segmentCount(node.outputTypes[0]!.shape[0]!, emit)], {
      T: { type: node.inputTypes[0]!.dtype },
      Tindices: { type: 'int32' },
      Tnumsegments: { type: 'int32' },
    }),
};

/** Number of segments as a TensorFlow scalar. */
function segmentCount(count: Dim, emit: GraphDefEmitter): string {
  if (typeof count === 'number') return emit.scalarInt(count);
  const attributes = { T: { type: 'int32' }, Tshape: { type: 'int32' } } as const;
  return emit.node('Reshape', [emit.shape([count]), emit.ints([])], attributes);
}

const oneHot: OpRow = {
  record(inputs, attributes) {
    const indices = inputs['indices']!;
    const depth = attributes['depth'] as number;
    const dtype = ((attributes['dtype'] as DType | undefined) ?? 'int32') as DType;
    return {
      inputs: ['indices'],
      attributes: {
        depth,
        onValue: (attributes['onValue'] as number | undefined) ?? 1,
        offValue: (attributes['offValue'] as number | undefined) ?? 0,
      },
      outputs: [{ shape: [...indices.shape, depth], dtype }],
    };
  },
  onnx: (node, emit) => {
    // Compares with 0..depth-1, as tfjs does: an index outside of the range gives a row of off values.
    const { depth, onValue, offValue } = node.attributes as Record<string, number>;
    const dtype = node.outputTypes[0]!.dtype;
    const column = emit.node('Unsqueeze', [node.inputs[0]!, emit.ints([node.inputTypes[0]!.shape.length])]);
    const classes = emit.constant(
      Int32Array.from({ length: depth! }, (_, index) => index),
      [depth!],
    );
    const hit = emit.node('Equal', [column, classes]);
    return emit.node('Where', [hit, scalarOf(onValue!, dtype, emit), scalarOf(offValue!, dtype, emit)]);
  },
  graphDef: (node, emit) => {
    const { depth, onValue, offValue } = node.attributes as Record<string, number>;
    const dtype = node.outputTypes[0]!.dtype;
    return emit.node(
      'OneHot',
      [
        node.inputs[0]!,
        emit.scalarInt(depth!),
        emit.constant(typedScalar(onValue!, dtype), []),
        emit.constant(typedScalar(offValue!, dtype), []),
      ],
      { T: { type: dtype }, TI: { type: 'int32' }, axis: { int: -1 } },
    );
  },
};

/** Operations that choose by index. */
export const indexingRows: readonly (readonly [string, OpRow])[] = [
  ['GatherV2', gather],
  ['UnsortedSegmentSum', segmentSum],
  ['OneHot', oneHot],
];
