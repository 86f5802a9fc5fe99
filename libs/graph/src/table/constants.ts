/** Constants: stored, uniform, or made from the batch size. */
import type { DType } from '../ir.ts';
import { onnxType } from './elementwise.ts';
import type { ConstantData, OnnxEmitter, OpRow } from './row.ts';

/** A constant with the same value everywhere; never stored element by element. */
const fill: OpRow = {
  record(_inputs, attributes) {
    const value = attributes['value'] as number;
    const dtype = (attributes['dtype'] as DType | undefined) ?? 'float32';
    return {
      inputs: [],
      attributes: { value },
      outputs: [{ shape: [...(attributes['shape'] as number[])], dtype }],
    };
  },
  onnx: (node, emit) => {
    const { shape, dtype } = node.outputTypes[0]!;
    const scalar = scalarOf(node.attributes['value'] as number, dtype, emit);
    return shape.length === 0 ? scalar : emit.node('Expand', [scalar, emit.shape(shape)]);
  },
  graphDef: (node, emit) => {
    const { shape, dtype } = node.outputTypes[0]!;
    const scalar = emit.constant(typedScalar(node.attributes['value'] as number, dtype), []);
    if (shape.length === 0) return scalar;
    return emit.node('Fill', [emit.shape(shape), scalar], {
      T: { type: dtype },
      index_type: { type: 'int32' },
    });
  },
};

const constant: OpRow = {
  record: () => {
    throw new Error('constants enter a trace as tensors, not through a kernel');
  },
  onnx: (node, emit) =>
    emit.constant(node.attributes['data'] as ConstantData, node.outputTypes[0]!.shape as readonly number[]),
  graphDef: (node, emit) =>
    emit.constant(node.attributes['data'] as ConstantData, node.outputTypes[0]!.shape as readonly number[]),
};

/** The number factor * B^power, float32 scalar. */
const batchScalar: OpRow = {
  record: constant.record,
  onnx: (node, emit) => {
    const rows = emit.node('Cast', [emit.node('Squeeze', [emit.shape([{ batch: 1 }])])], { to: 1 });
    const factor = emit.float(node.attributes['factor'] as number);
    const value = emit.node(node.attributes['power'] === 1 ? 'Mul' : 'Div', [factor, rows]);
    const { shape } = node.outputTypes[0]!;
    return shape.length === 0 ? value : emit.node('Expand', [value, emit.shape(shape)]);
  },
  graphDef: (node, emit) => {
    const rows = emit.node('Cast', [emit.shape([{ batch: 1 }])], {
      SrcT: { type: 'int32' },
      DstT: { type: 'float32' },
    });
    const factor = emit.constant(Float32Array.of(node.attributes['factor'] as number), []);
    const op = node.attributes['power'] === 1 ? 'Mul' : 'RealDiv';
    const value = emit.node(op, [factor, rows], { T: { type: 'float32' } });
    return emit.node(
      'BroadcastTo',
      [
        emit.node('Reshape', [value, emit.ints([])], { T: { type: 'float32' }, Tshape: { type: 'int32' } }),
        emit.shape(node.outputTypes[0]!.shape),
      ],
      { T: { type: 'float32' }, Tidx: { type: 'int32' } },
    );
  },
};

function likeRow(value: number): OpRow {
  return {
    record: (inputs) => ({ inputs: [], attributes: { value }, outputs: [inputs['x']!], op: 'Fill' }),
  };
}

/** A scalar of the given dtype as stored data. */
export function typedScalar(value: number, dtype: DType): Float32Array | Int32Array | Uint8Array {
  if (dtype === 'float32') return Float32Array.of(value);
  return dtype === 'int32' ? Int32Array.of(value) : Uint8Array.of(value);
}

/** A scalar of the given dtype in an ONNX graph. */
export function scalarOf(value: number, dtype: DType, emit: OnnxEmitter): string {
  if (dtype !== 'bool') return emit.constant(typedScalar(value, dtype), []);
  return emit.node('Cast', [emit.constant(Int32Array.of(value), [])], { to: onnxType.bool });
}

/** Operations without operands, or that only need their shape. */
export const constantRows: readonly (readonly [string, OpRow])[] = [
  ['Fill', fill],
  ['Const', constant],
  ['BatchScalar', batchScalar],
  ['ZerosLike', likeRow(0)],
  ['OnesLike', likeRow(1)],
];
