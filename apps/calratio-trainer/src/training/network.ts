import { adversarialStep, calRatioNetwork, calRatioProgram } from '@hep/calratio-rnn';
import type { CalRatioNetwork } from '@hep/calratio-rnn';
import type { HostState, Program } from '@hep/engine';
import { initialise } from '@hep/nn';
import type { Weights } from '@hep/nn';
import { massParametersOf } from './data.ts';
import type { TrainOptions } from './options.ts';

/** The network of a run. */
function networkOf(options: TrainOptions): CalRatioNetwork {
  const { filtersConstit, filtersTrack, filtersMSeg, unitsConstit, unitsTrack, unitsMSeg } = options;
  const { lstmLayers, hiddenLayerFraction, dropout, regularisation } = options;
  return calRatioNetwork({
    filters: { constit: filtersConstit, track: filtersTrack, MSeg: filtersMSeg },
    lstmUnits: { constit: unitsConstit, track: unitsTrack, MSeg: unitsMSeg },
    lstmLayers,
    hiddenLayerFraction,
    dropout,
    regularisation,
    massParameters: massParametersOf(options),
  });
}

/** A network with its adversarial training. */
export interface TaggerTraining {
  readonly network: CalRatioNetwork;
  readonly program: Program;
  /** Parameters of a training state by path, the adversary's included. */
  readonly weightsOf: (state: HostState) => Weights;
}

/** The adversarial training of a run from its first weights. */
export function trainingOf(options: TrainOptions): TaggerTraining {
  const network = networkOf(options);
  const { adversaryWeight, agreementWeight, discriminatorSteps, seed } = options;
  const adversarial = { adversaryWeight, agreementWeight, discriminatorSteps };
  const weights = initialise(network.original.parameterSpecs, seed);
  return {
    network,
    program: calRatioProgram(network, weights, adversarial),
    weightsOf: adversarialStep(network, adversarial).weightsOf,
  };
}
