import { readFileSync } from 'node:fs';
import { goldenPath, parseNpy } from '@hep/test-support';

/** A golden array of `data/golden/<folder>/<name>.npy` as an input of a runner. */
export function goldenArray(folder: string, name: string): { shape: number[]; values: Float64Array } {
  const { shape, data } = parseNpy(Uint8Array.from(readFileSync(goldenPath(folder, `${name}.npy`))));
  return { shape: [...shape], values: Float64Array.from(data, Number) };
}

/** Entry `index` of the first axis. */
export function goldenBatch(
  folder: string,
  name: string,
  index: number,
): { shape: number[]; values: Float64Array } {
  const { shape, values } = goldenArray(folder, name);
  const size = values.length / shape[0];
  return { shape: shape.slice(1), values: values.slice(index * size, (index + 1) * size) };
}
