import * as ort from 'onnxruntime-node';
import type { DType } from '../ir.ts';
import { dimAt } from '../ir.ts';
import type { OnnxModel, RandomInput } from '../onnx/emit.ts';
import { fillRandom } from '../random/random.ts';

/** Numbers with their type, as tests pass them around. */
export interface TestArray {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly values: Float32Array | Int32Array | Uint8Array;
}

export function ortTensor(array: TestArray): ort.Tensor {
  return new ort.Tensor(array.dtype, array.values as never, [...array.shape]);
}

/** Runs a model once in this thread, feeding its random inputs from their seeds. */
export async function runOnnx(
  model: OnnxModel,
  feeds: Readonly<Record<string, TestArray>>,
  batch: number,
): Promise<Record<string, TestArray>> {
  const session = await ort.InferenceSession.create(model.bytes, {
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const tensors = Object.fromEntries(Object.entries(feeds).map(([name, array]) => [name, ortTensor(array)]));
  for (const random of model.randomInputs) {
    const seed = feeds[`in/${random.seedInput}`]!.values[0]!;
    tensors[random.name] = ortTensor(drawn(random, seed, batch));
  }
  const results = await session.run(tensors);
  return Object.fromEntries(
    Object.entries(results).map(([name, tensor]) => [
      name,
      { shape: tensor.dims, dtype: tensor.type as DType, values: tensor.data as Float32Array },
    ]),
  );
}

function drawn(random: RandomInput, seed: number, batch: number): TestArray {
  const shape = random.type.shape.map((dim) => dimAt(dim, batch));
  const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
  fillRandom(values, random, seed);
  return { shape, dtype: 'float32', values };
}
