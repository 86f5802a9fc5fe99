import type { Arrangement, TelescopeWeights } from '@hep/hgcal-geometry';
import {
  emdNetworkLoss,
  exactEmd,
  huber,
  maximumWeightedMse,
  meanAbsoluteError,
  meanSquaredError,
  meanSquaredLogarithmicError,
  telescope,
  weightedMse,
} from '@hep/losses';
import type { TrainedEmdNetwork } from '@hep/losses';
import type { PerSampleLoss } from '@hep/nn';
import { UserError } from '@hep/options';

/** What some losses need beside the arrangement. */
export interface EcoderLossOptions {
  /** Weights of the super cells, for `telescope`; default `reference`. */
  readonly telescopeWeights?: TelescopeWeights;
  /** For `emd`. */
  readonly emdNetwork?: TrainedEmdNetwork;
  /** Whether `emd` compares patterns divided by their sums; default true, the study does not. */
  readonly normaliseEmdInputs?: boolean;
}

const makers = {
  telescope: (arrangement, { telescopeWeights }) => telescope(arrangement, telescopeWeights),
  'exact-emd': exactEmd,
  'weighted-mse': () => weightedMse,
  'maximum-mse': maximumWeightedMse,
  mse: () => meanSquaredError,
  mae: () => meanAbsoluteError,
  huber: () => huber(),
  msle: () => meanSquaredLogarithmicError,
  emd: (arrangement, { emdNetwork: network, normaliseEmdInputs: normalise }) => {
    if (network === undefined) {
      throw new UserError('loss emd: no EMD network; give the file of a trained one with --emd-network');
    }
    return emdNetworkLoss({ network, arrangement, normalise });
  },
} as const satisfies Record<string, (arrangement: Arrangement, options: EcoderLossOptions) => PerSampleLoss>;

/** Name of a loss between two images of a module. */
export type EcoderLossName = keyof typeof makers;

/** Every loss that `ecoderLoss` knows. */
export const ecoderLossNames = Object.keys(makers) as readonly EcoderLossName[];

/**
 * A loss between images of an arrangement.
 * @throws UserError for `emd` without a network
 */
export function ecoderLoss(
  name: EcoderLossName,
  arrangement: Arrangement,
  options: EcoderLossOptions = {},
): PerSampleLoss {
  return makers[name](arrangement, options);
}
