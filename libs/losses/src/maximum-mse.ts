import { tf } from '@hep/graph';
import { TRIGGER_CELLS, definingPixels } from '@hep/hgcal-geometry';
import type { Arrangement } from '@hep/hgcal-geometry';
import { perSample } from './per-sample.ts';

/**
 * Mean of `(t - y)^2` over the 48 trigger cells times the largest pixel of the target: errors count more in modules
 * whose charge is in one place. Hidden pixels do not count. Conditional autoencoder of ECON_CAE, the alternative to
 * the telescope.
 * @param arrangement which pixel shows which trigger cell
 * @returns (target [B, ...image], prediction [B, ...image]) -> [B]
 */
export function maximumWeightedMse(
  arrangement: Arrangement,
): (target: tf.Tensor, prediction: tf.Tensor) => tf.Tensor {
  const weights = new Float32Array(arrangement.cells.length);
  for (const pixel of definingPixels(arrangement)) weights[pixel] = 1 / TRIGGER_CELLS;
  return (target, prediction) => {
    const errors = tf.squaredDifference(perSample(target), perSample(prediction));
    const mean = tf.sum(tf.mul(errors, tf.tensor1d(weights)), 1);
    return tf.mul(mean, tf.max(perSample(target), 1));
  };
}
