import type { Graph, ValueType } from '../ir.ts';
import { fillUniform } from '../random/random.ts';
import { trace } from '../trace.ts';
import type { CaseOperand, OpCase } from './op-cases.ts';
import type { TestArray } from './run-onnx.ts';

const BATCH = -1;

/** Traces a case with operands named operand0, operand1, ... and one output named result. */
export function traceCase(opCase: OpCase): Graph {
  const inputs: Record<string, ValueType> = {};
  opCase.operands.forEach((operand, index) => {
    inputs[`operand${index}`] = {
      shape: operand.shape.map((dim) => (dim === BATCH ? { batch: 1 } : dim)),
      dtype: operand.dtype ?? 'float32',
    };
  });
  return trace((_state, tensors) => ({ outputs: { result: opCase.run(...Object.values(tensors)) } }), {
    inputs,
  });
}

/** Seeded numbers for every operand of a case. */
export function operandValues(opCase: OpCase, batch: number, seed: number): TestArray[] {
  return opCase.operands.map((operand, index) => {
    const shape = operand.shape.map((dim) => (dim === BATCH ? batch : dim));
    const uniform = new Float32Array(shape.reduce((product, dim) => product * dim, 1));
    fillUniform(uniform, seed, index);
    const dtype = operand.dtype ?? 'float32';
    return {
      shape,
      dtype,
      values: dtype === 'int32' ? drawIntegers(uniform, operand) : drawFloats(uniform, operand),
    };
  });
}

function drawIntegers(uniform: Float32Array, operand: CaseOperand): Int32Array {
  const below = typeof operand.draw === 'object' ? operand.draw.below : 10;
  return Int32Array.from(uniform, (u) => Math.floor(u * below));
}

/** `ties` lie on a grid of halves around zero, so that equal numbers and rounding ties occur. */
function drawFloats(uniform: Float32Array, operand: CaseOperand): Float32Array {
  switch (operand.draw) {
    case 'positive':
      return uniform.map((u) => 0.05 + 3 * u);
    case 'ties':
      return uniform.map((u) => Math.floor(u * 9 - 4) / 2);
    case 'unit':
      return uniform;
    default:
      return uniform.map((u) => 6 * u - 3);
  }
}
