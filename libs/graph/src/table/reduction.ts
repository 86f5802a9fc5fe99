/** Reductions along axes, arg-max, cumulative sums and softmax. */
import type { DType } from '../ir.ts';
import { tf } from '../tfjs.ts';
import type { NodeView, OnnxEmitter, OpRow } from './row.ts';
import { positiveAxis } from './row.ts';

function axesOf(node: NodeView): number[] {
  return [...(node.attributes['axes'] as readonly number[])];
}

function keepsDims(node: NodeView): boolean {
  return node.attributes['keepDims'] as boolean;
}

function reduction(onnxOp: string, tensorflowOp: string): OpRow {
  return {
    record(inputs, attributes) {
      const x = inputs['x']!;
      const axes = tf.util.parseAxisParam(
        (attributes['axis'] ?? attributes['reductionIndices']) as number[],
        [...x.shape],
      );
      const keepDims = (attributes['keepDims'] as boolean | undefined) ?? false;
      const shape = keepDims
        ? x.shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim))
        : x.shape.filter((_, axis) => !axes.includes(axis));
      return { inputs: ['x'], attributes: { axes, keepDims }, outputs: [{ shape, dtype: x.dtype }] };
    },
    onnx: (node, emit) => emitReduction(onnxOp, node, emit),
    graphDef: (node, emit) =>
      emit.node(tensorflowOp, [node.inputs[0]!, emit.ints(axesOf(node))], {
        ...(tensorflowOp === 'All' || tensorflowOp === 'Any'
          ? {}
          : { T: { type: node.inputTypes[0]!.dtype } }),
        Tidx: { type: 'int32' },
        keep_dims: { bool: keepsDims(node) },
      }),
  };
}

function emitReduction(op: string, node: NodeView, emit: OnnxEmitter): string {
  const axes = axesOf(node);
  if (axes.length === 0) return emit.node('Identity', node.inputs);
  const attributes = { keepdims: keepsDims(node) ? 1 : 0 };
  if (op !== 'ReduceAll' && op !== 'ReduceAny') {
    return emit.node(op, [node.inputs[0]!, emit.ints(axes)], attributes);
  }
  const asNumbers = emit.node('Cast', [node.inputs[0]!], { to: 6 });
  const reduced = emit.node(
    op === 'ReduceAll' ? 'ReduceMin' : 'ReduceMax',
    [asNumbers, emit.ints(axes)],
    attributes,
  );
  return emit.node('Cast', [reduced], { to: 9 });
}

function argReduction(op: 'ArgMax' | 'ArgMin'): OpRow {
  return {
    record(inputs, attributes) {
      const x = inputs['x']!;
      const axis = positiveAxis(attributes['axis'] as number, x.shape.length);
      const shape = x.shape.filter((_, index) => index !== axis);
      return { inputs: ['x'], attributes: { axis }, outputs: [{ shape, dtype: 'int32' as DType }] };
    },
    onnx: (node, emit) => {
      const index = emit.node(op, node.inputs, { axis: node.attributes['axis'] as number, keepdims: 0 });
      return emit.node('Cast', [index], { to: 6 });
    },
    graphDef: (node, emit) =>
      emit.node(op, [node.inputs[0]!, emit.scalarInt(node.attributes['axis'] as number)], {
        T: { type: node.inputTypes[0]!.dtype },
        Tidx: { type: 'int32' },
        output_type: { type: 'int32' },
      }),
  };
}

const cumulativeSum: OpRow = {
  record(inputs, attributes) {
    const x = inputs['x']!;
    return {
      inputs: ['x'],
      attributes: {
        axis: positiveAxis(attributes['axis'] as number, x.shape.length),
        exclusive: Boolean(attributes['exclusive']),
        reverse: Boolean(attributes['reverse']),
      },
      outputs: [x],
    };
  },
  onnx: (node, emit) =>
    emit.node('CumSum', [node.inputs[0]!, emit.ints([node.attributes['axis'] as number])], {
      exclusive: node.attributes['exclusive'] ? 1 : 0,
      reverse: node.attributes['reverse'] ? 1 : 0,
    }),
  graphDef: (node, emit) =>
    emit.node('Cumsum', [node.inputs[0]!, emit.scalarInt(node.attributes['axis'] as number)], {
      T: { type: node.inputTypes[0]!.dtype },
      Tidx: { type: 'int32' },
      exclusive: { bool: node.attributes['exclusive'] as boolean },
      reverse: { bool: node.attributes['reverse'] as boolean },
    }),
};

/** tfjs runs both along the last axis only. */
function softmax(op: 'Softmax' | 'LogSoftmax'): OpRow {
  return {
    record(inputs) {
      const key = 'logits';
      return { inputs: [key], attributes: {}, outputs: [inputs[key]!] };
    },
    onnx: (node, emit) => emit.node(op, node.inputs, { axis: -1 }),
    graphDef: (node, emit) => emit.node(op, node.inputs, { T: { type: 'float32' } }),
  };
}

/** Operations that reduce axes. */
export const reductionRows: readonly (readonly [string, OpRow])[] = [
  ['Sum', reduction('ReduceSum', 'Sum')],
  ['Mean', reduction('ReduceMean', 'Mean')],
  ['Max', reduction('ReduceMax', 'Max')],
  ['Min', reduction('ReduceMin', 'Min')],
  ['Prod', reduction('ReduceProd', 'Prod')],
  ['All', reduction('ReduceAll', 'All')],
  ['Any', reduction('ReduceAny', 'Any')],
  ['ArgMax', argReduction('ArgMax')],
  ['ArgMin', argReduction('ArgMin')],
  ['Cumsum', cumulativeSum],
  ['Softmax', softmax('Softmax')],
  ['LogSoftmax', softmax('LogSoftmax')],
];
