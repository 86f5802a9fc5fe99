import { tf } from '@hep/graph';
import { CELLS_PER_SECTOR, TRIGGER_CELLS, definingPixels, superCells } from '@hep/hgcal-geometry';
import type { Arrangement, TelescopeWeights } from '@hep/hgcal-geometry';
import { perSample } from './per-sample.ts';

const SECTORS = TRIGGER_CELLS / CELLS_PER_SECTOR;

/** A sum of pixels that the telescope compares, and what its squared error counts. */
interface Region {
  readonly pixels: readonly number[];
  readonly weight: number;
}

/**
 * Weighted MSE at three magnifications: cells, super cells of four, sectors of sixteen.
 * `4 mean_48 + 2 mean_36 (with the super cells' weights) + mean_3` of `(T - Y)^2 max(Y, T)`, where T and Y are sums of
 * target and prediction over a region. On ties the gradient of the maximum goes to the prediction.
 * Ecoder study, telescope.py. Hidden pixels do not count.
 * @param arrangement which pixel shows which trigger cell
 * @param weights weights of the super cells, default `reference`
 * @returns (target [B, ...image], prediction [B, ...image]) -> [B]
 */
export function telescope(
  arrangement: Arrangement,
  weights: TelescopeWeights = 'reference',
): (target: tf.Tensor, prediction: tf.Tensor) => tf.Tensor {
  const regions = regionsOf(definingPixels(arrangement), weights);
  const sums = sumMatrix(regions, arrangement.cells.length);
  const factors = Float32Array.from(regions, ({ weight }) => weight);
  return (target, prediction) => {
    const matrix = tf.tensor2d(sums, [arrangement.cells.length, regions.length]);
    const expected = tf.matMul(perSample(target), matrix);
    const found = tf.matMul(perSample(prediction), matrix);
    const errors = tf.mul(tf.squaredDifference(expected, found), tf.maximum(found, expected));
    return tf.sum(tf.mul(errors, tf.tensor1d(factors)), 1);
  };
}

function regionsOf(pixelOfCell: ArrayLike<number>, weights: TelescopeWeights): Region[] {
  const groups = superCells(weights);
  const cells = Array.from({ length: TRIGGER_CELLS }, (_, cell): Region => ({
    pixels: [pixelOfCell[cell]],
    weight: 4 / TRIGGER_CELLS,
  }));
  const fours = groups.map(({ cells, weight }): Region => ({
    pixels: cells.map((cell) => pixelOfCell[cell]),
    weight: (2 * weight) / groups.length,
  }));
  const sectors = Array.from({ length: SECTORS }, (_, sector): Region => ({
    pixels: Array.from({ length: CELLS_PER_SECTOR }, (_, i) => pixelOfCell[sector * CELLS_PER_SECTOR + i]),
    weight: 1 / SECTORS,
  }));
  return [...cells, ...fours, ...sectors];
}

/** 0/1 matrix [pixels, regions]: one product forms all sums. */
function sumMatrix(regions: readonly Region[], pixels: number): Float32Array {
  const matrix = new Float32Array(pixels * regions.length);
  regions.forEach((region, column) => {
    for (const pixel of region.pixels) matrix[pixel * regions.length + column] = 1;
  });
  return matrix;
}
