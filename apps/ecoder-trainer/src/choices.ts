/** Options by name: what the words on the command line stand for. */
import { ecoderLoss } from '@hep/ecoder-models';
import type { EcoderLossName, EcoderModel } from '@hep/ecoder-models';
import { readEmdNetwork } from '@hep/emd-network';
import { adam, adamW, lion, nadam, rmsprop, sgd } from '@hep/nn';
import type { CommonOptions, Optimiser, PerSampleLoss } from '@hep/nn';
import type { TrainOptions } from './options.ts';

const optimisers: Record<TrainOptions['optimiser'], (options: CommonOptions) => Optimiser> = {
  adam,
  adamw: adamW,
  nadam,
  rmsprop,
  sgd: (options) => sgd({ momentum: 0.9, ...options }),
  lion,
};

/** The optimiser of a run with Keras' defaults; AdamW decays by 0.004, SGD has momentum 0.9. */
export function optimiserOf({ optimiser, weightDecay }: TrainOptions): Optimiser {
  return optimisers[optimiser](weightDecay === undefined ? {} : { weightDecay });
}

/** The loss of a run. */
export interface ChosenLoss {
  readonly name: EcoderLossName;
  readonly perSample: PerSampleLoss;
  /** Files that it was made from. */
  readonly files: readonly string[];
}

/**
 * The loss of a run for a network: the option's, or the one that the network was designed with.
 * @throws UserError when it needs an EMD network and there is none, or no good one
 */
export async function lossOf(options: TrainOptions, model: EcoderModel): Promise<ChosenLoss> {
  const { telescopeWeights, normaliseEmdInputs } = options;
  const name = options.loss === 'default' ? model.lossName : options.loss;
  const files = name === 'emd' && options.emdNetwork !== undefined ? [options.emdNetwork] : [];
  const [emdNetwork] = await Promise.all(files.map((path) => readEmdNetwork(path)));
  const needs = { telescopeWeights, normaliseEmdInputs, emdNetwork };
  return { name, perSample: ecoderLoss(name, model.arrangement, needs), files };
}
