import { earthMoversDistance, tf } from '@hep/graph';
import { TRIGGER_CELLS, definingPixels, triggerCellDistances } from '@hep/hgcal-geometry';
import type { Arrangement } from '@hep/hgcal-geometry';
import type { PerSampleLoss } from '@hep/nn';
import { perSample } from './per-sample.ts';

/**
 * Exact earth mover's distance of the two patterns on the hexagonal module, each divided by its sum, in sensor cells:
 * the figure of merit itself as a loss. Its gradient is the Kantorovich potential of the optimal plan, so no network
 * has to learn the distance first. The scale of the prediction does not count; charges below 0 count as 0. Hidden
 * pixels do not count. Only for training and evaluation: the host computes it between two parts of the compiled step.
 * @returns (target [B, ...image], prediction [B, ...image]) -> [B]
 */
export function exactEmd(arrangement: Arrangement): PerSampleLoss {
  const metric = triggerCellDistances();
  const pixels = arrangement.cells.length;
  const route = new Float32Array(pixels * TRIGGER_CELLS);
  definingPixels(arrangement).forEach((pixel, cell) => (route[pixel * TRIGGER_CELLS + cell] = 1));
  return (target, prediction) => {
    const matrix = tf.tensor2d(route, [pixels, TRIGGER_CELLS]);
    // Unlike relu, maximum lets the gradient pass at 0, so that an empty cell can be filled.
    const charges = (image: tf.Tensor) => tf.maximum(tf.matMul(perSample(image), matrix), 0);
    return earthMoversDistance(charges(target), charges(prediction), metric);
  };
}
