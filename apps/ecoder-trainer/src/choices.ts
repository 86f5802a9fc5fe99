/** Options by name: what the words on the command line stand for. */
import { ecoderLoss } from '@hep/ecoder-models';
import type { EcoderLossName, EcoderModel } from '@hep/ecoder-models';
import { readEmdNetwork } from '@hep/emd-network';
import { adam, adamW, learningRateAt, lion, nadam, rmsprop, sgd } from '@hep/nn';
import type { Optimiser, PerSampleLoss, Schedule } from '@hep/nn';
import type { TrainOptions } from './options.ts';

const optimisers: Record<TrainOptions['optimiser'], () => Optimiser> = {
  adam,
  adamw: () => adamW({ weightDecay: 0.004 }),
  nadam,
  rmsprop,
  sgd: () => sgd({ momentum: 0.9 }),
  lion,
};

/** The optimiser of a run with Keras' defaults; AdamW decays by 0.004, SGD has momentum 0.9. */
export function optimiserOf({ optimiser }: TrainOptions): Optimiser {
  return optimisers[optimiser]();
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

/** Learning rate as a function of the finished steps. */
export function learningRateOf(
  options: TrainOptions,
  stepsPerEpoch: number,
): (finishedSteps: number) => number {
  const { learningRate: rate, epochs } = options;
  const schedules: Record<TrainOptions['schedule'], Schedule> = {
    constant: { kind: 'constant', rate },
    step: halvings(rate, 10 * stepsPerEpoch, Math.ceil(epochs / 10)),
    exponential: { kind: 'exponential', rate, decay: 0.95, decaySteps: stepsPerEpoch },
    cosine: { kind: 'cosine', rate, decaySteps: epochs * stepsPerEpoch },
    'warm-restarts': { kind: 'warmRestarts', rate, firstPeriod: Math.max(1, 5 * stepsPerEpoch) },
  };
  const schedule = schedules[options.schedule];
  return (step) => learningRateAt(schedule, step);
}

function halvings(rate: number, every: number, count: number): Schedule {
  return {
    kind: 'step',
    boundaries: Array.from({ length: count }, (_, index) => (index + 1) * every),
    rates: Array.from({ length: count + 1 }, (_, index) => rate / 2 ** index),
  };
}
