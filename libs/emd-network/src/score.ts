/** How well a network estimates distances. */
import { CompiledFunction } from '@hep/engine';
import { arrangements } from '@hep/hgcal-geometry';
import { emdNetworkLoss } from '@hep/losses';
import type { TrainedEmdNetwork } from '@hep/losses';
import { mean, standardDeviation } from '@hep/statistics';
import type { PairList } from './pairs.ts';

/** Relative differences (estimated - exact) / exact of the pairs whose exact distance is above 0. */
export interface EmdScore {
  readonly mean: number;
  readonly std: number;
  readonly pairs: number;
}

const PAIRS_AT_ONCE = 4096;
const arrangement = arrangements['4x4x3'];

/**
 * Distances that a network estimates, always the mean of both orders, [pairs].
 * @param images normalised patterns [rows, 4, 4, 3]
 */
export async function estimateDistances(
  network: TrainedEmdNetwork,
  images: Float32Array,
  { first, second }: PairList,
): Promise<Float32Array> {
  const loss = emdNetworkLoss({ network, arrangement, normalise: false });
  const side = { shape: [{ batch: 1 }, ...arrangement.shape], dtype: 'float32' as const };
  const compiled = await CompiledFunction.create(({ a, b }) => ({ distances: loss(a, b) }), {
    a: side,
    b: side,
  });
  try {
    const estimates = new Float32Array(first.length);
    for (let start = 0; start < first.length; start += PAIRS_AT_ONCE) {
      const end = Math.min(first.length, start + PAIRS_AT_ONCE);
      const [a, b] = [first, second].map((rows) => picked(images, rows.subarray(start, end)));
      const { distances } = await compiled.run({ a, b });
      estimates.set(distances.values, start);
    }
    return estimates;
  } finally {
    await compiled.close();
  }
}

function picked(images: Float32Array, rows: Int32Array) {
  const pixels = arrangement.cells.length;
  const values = new Float32Array(rows.length * pixels);
  rows.forEach((row, to) => values.set(images.subarray(row * pixels, (row + 1) * pixels), to * pixels));
  return { shape: [rows.length, ...arrangement.shape], values };
}

/** (estimated - exact) / exact where exact is above 0. */
export function relativeDifferences(estimated: Float32Array, exact: Float32Array): Float64Array {
  const defined = Int32Array.from(exact.keys()).filter((pair) => exact[pair] > 0);
  return Float64Array.from(defined, (pair) => (estimated[pair] - exact[pair]) / exact[pair]);
}

/** Mean and population standard deviation of the relative differences, as the Ecoder study judges its networks. */
export function emdScore(estimated: Float32Array, exact: Float32Array): EmdScore {
  const differences = relativeDifferences(estimated, exact);
  return { mean: mean(differences), std: standardDeviation(differences), pairs: differences.length };
}
