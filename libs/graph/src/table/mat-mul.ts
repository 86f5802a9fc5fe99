/** Matrix products. */
import type { ConcreteType } from '../ir.ts';
import { elementCount } from '../ir.ts';
import type { OnnxEmitter, OpRow } from './row.ts';
import { broadcastShape } from './row.ts';
import { withBias } from './with-bias.ts';

const matMul: OpRow = {
  record(inputs, attributes) {
    const { a, b } = inputs as { a: ConcreteType; b: ConcreteType };
    const transposeA = Boolean(attributes['transposeA']);
    const transposeB = Boolean(attributes['transposeB']);
    const [rows, left] = lastTwo(a.shape, transposeA);
    const [right, columns] = lastTwo(b.shape, transposeB);
    if (left !== right) throw new Error(`inner dimensions ${left} and ${right} differ`);
    const outer = broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
    return {
      inputs: ['a', 'b'],
      attributes: { transposeA, transposeB },
      outputs: [{ shape: [...outer, rows, columns], dtype: 'float32' }],
    };
  },
  onnx(node, emit) {
    const { transposeA, transposeB } = node.attributes as Record<string, boolean>;
    if (node.inputTypes.slice(0, 2).every((type) => type.shape.length === 2)) {
      return emit.node('Gemm', node.inputs, { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 });
    }
    const operand = (index: number, transposed: boolean) =>
      transposed
        ? swapLastAxes(node.inputs[index]!, node.inputTypes[index]!.shape.length, emit)
        : node.inputs[index]!;
    return emit.node('MatMul', [operand(0, transposeA!), operand(1, transposeB!)]);
  },
  graphDef(node, emit) {
    const { transposeA, transposeB } = node.attributes as Record<string, boolean>;
    if (node.inputTypes.every((type) => type.shape.length === 2)) {
      return emit.node('MatMul', node.inputs, {
        T: { type: 'float32' },
        transpose_a: { bool: transposeA! },
        transpose_b: { bool: transposeB! },
      });
    }
    return emit.node('BatchMatMulV2', node.inputs, {
      T: { type: 'float32' },
      adj_x: { bool: transposeA! },
      adj_y: { bool: transposeB! },
    });
  },
  flops(node) {
    const shape = node.inputTypes[0]!.shape;
    const inner = shape[shape.length - (node.attributes['transposeA'] ? 2 : 1)];
    return 2 * elementCount(node.outputTypes[0]!) * (typeof inner === 'number' ? inner : 1);
  },
};

function lastTwo(shape: readonly number[], transposed: boolean): [number, number] {
  const [rows, columns] = [shape.at(-2)!, shape.at(-1)!];
  return transposed ? [columns, rows] : [rows, columns];
}

function swapLastAxes(name: string, rank: number, emit: OnnxEmitter): string {
  const perm = Array.from({ length: rank }, (_, axis) => axis);
  [perm[rank - 2], perm[rank - 1]] = [rank - 1, rank - 2];
  return emit.node('Transpose', [name], { perm });
}

/** Operations that multiply matrices. */
export const matMulRows: readonly (readonly [string, OpRow])[] = [
  ['BatchMatMul', matMul],
  ['MatMulBias', withBias(matMul)],
];
