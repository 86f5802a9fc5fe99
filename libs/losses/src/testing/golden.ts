import { readFileSync } from 'node:fs';
import { goldenPath, parseNpy } from '@hep/test-support';

/** A golden array of `data/golden/<folder>/<name>.npy` as an input of a runner. */
export function goldenArray(folder: string, name: string): { shape: number[]; values: Float64Array } {
  const { shape, data } = parseNpy(Uint8Array.from(readFileSync(goldenPath(folder, `${name}.npy`))));
  return { shape: [...shape], values: Float64Array.from(data, Number) };
}
