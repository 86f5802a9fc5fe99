import type { Arrangement, TelescopeWeights } from '@hep/hgcal-geometry';
import {
  huber,
  meanAbsoluteError,
  meanSquaredError,
  meanSquaredLogarithmicError,
  telescope,
  weightedMse,
} from '@hep/losses';
import type { PerSampleLoss } from '@hep/nn';

const makers = {
  telescope,
  'weighted-mse': () => weightedMse,
  mse: () => meanSquaredError,
  mae: () => meanAbsoluteError,
  huber: () => huber(),
  msle: () => meanSquaredLogarithmicError,
} as const satisfies Record<string, (arrangement: Arrangement, weights?: TelescopeWeights) => PerSampleLoss>;

/** Name of a loss between two images of a module. */
export type EcoderLossName = keyof typeof makers;

/** Every loss that `ecoderLoss` knows. */
export const ecoderLossNames = Object.keys(makers) as readonly EcoderLossName[];

/**
 * A loss between images of an arrangement.
 * @param telescopeWeights weights of the super cells, for `telescope`; default `reference`
 */
export function ecoderLoss(
  name: EcoderLossName,
  arrangement: Arrangement,
  telescopeWeights: TelescopeWeights = 'reference',
): PerSampleLoss {
  return makers[name](arrangement, telescopeWeights);
}
