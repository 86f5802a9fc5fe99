import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { emitGraphDef, emitOnnx, optimise, tf } from '@hep/graph';
import { operandValues, traceCase } from '@hep/graph/testing/case-data.ts';
import { opCases } from '@hep/graph/testing/op-cases.ts';
import type { OpCase } from '@hep/graph/testing/op-cases.ts';
import type { GraphCheck, GraphSample } from './manifest.ts';
import { writeNpy } from './write-npy.ts';

const BATCHES = [1, 4, 7];
const TOLERANCE = 1e-5;

/**
 * Writes every case of the op table that exported networks may use: both graphs with a symbolic batch, random operands
 * for several batches, and what tfjs `cpu` makes of them.
 */
export async function writeOpCases(folder: string): Promise<GraphCheck[]> {
  mkdirSync(folder, { recursive: true });
  await tf.setBackend('cpu');
  return opCases
    .filter(({ trainingOnly }) => trainingOnly !== true)
    .map((opCase, i) => write(opCase, folder, i));
}

function write(opCase: OpCase, folder: string, index: number): GraphCheck {
  const graph = optimise(traceCase(opCase));
  const at = (ending: string) => join(folder, `${index}${ending}`);
  const same = (name: string) => name;
  const names = { input: same, output: same, state: same, next: same };
  writeFileSync(at('.pb'), emitGraphDef(graph).bytes);
  writeFileSync(at('.onnx'), emitOnnx(graph, { name: 'case', names }).bytes);
  return {
    name: `op ${opCase.name}`,
    pb: at('.pb'),
    onnx: at('.onnx'),
    output: 'result',
    samples: BATCHES.map((batch) => writeSample(opCase, batch, at(`-batch${batch}`))),
    absolute: opCase.tolerance ?? TOLERANCE,
    relative: opCase.tolerance ?? TOLERANCE,
  };
}

function writeSample(opCase: OpCase, batch: number, stem: string): GraphSample {
  const operands = operandValues(opCase, batch, 1000 + batch);
  const inputs: Record<string, string> = {};
  operands.forEach(({ values, shape }, index) => {
    const path = `${stem}-operand${index}.npy`;
    writeNpy(path, { values: values as Float32Array | Int32Array, shape: shape });
    inputs[`operand${index}`] = path;
  });
  const result = tf.tidy(() =>
    (opCase.eagerOracle ?? opCase.run)(
      ...operands.map(({ values, shape, dtype }) => tf.tensor(values, [...shape], dtype)),
    ),
  );
  // tfjs cpu keeps the bytes of a boolean when it casts to float32.
  writeNpy(`${stem}-result.npy`, { values: Float32Array.from(result.dataSync()), shape: result.shape });
  result.dispose();
  return { inputs, expected: `${stem}-result.npy` };
}
