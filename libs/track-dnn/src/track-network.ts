import {
  batchNormalization,
  chain,
  concatenate,
  connect,
  constant,
  dense,
  input,
  lecunNormal,
  modelOf,
  network,
} from '@hep/nn';
import type { Layer, NetworkModel, NetworkNode } from '@hep/nn';
import { UserError } from '@hep/options';
import { TRACK_FEATURES } from './features.ts';
import type { FeatureRanges, TrackFeature } from './features.ts';
import { inputSanitizer } from './input-sanitizer.ts';
import { ITERATION_CODES } from './iterations.ts';
import { oneHot } from './one-hot.ts';

/** Options of `trackNetwork`; defaults are the reference's. */
export interface TrackNetworkConfig {
  /** Ranges of the transformed features over the training tracks, from `measureRanges`. */
  readonly ranges: FeatureRanges;
  /** Default `TRACK_FEATURES`. */
  readonly features?: readonly TrackFeature[];
  /** Sizes of the hidden layers; default [256, 128, 64, 32, 32]. */
  readonly hiddenUnits?: readonly number[];
  /** Default `relu`. */
  readonly activation?: 'relu' | 'swish';
  /** Encode the iteration as a one-hot vector (default) or feed its code as a number. */
  readonly oneHotIteration?: boolean;
  /** Start of the last bias; default 0.5. The unbiased choice for as many true as fake tracks is 0. */
  readonly outputBias?: number;
}

/** Inputs of the models: features [B, 29] and iteration code [B, 1]; CMSSW feeds them in this order. */
export const TRACK_INPUTS = {
  features: 'regular_input_layer',
  iteration: 'categorical_input_layer',
} as const;

/** The same parameters as two models. */
export interface TrackNetwork {
  /** Probability that a track is true, [B, 1]. */
  readonly classifier: NetworkModel;
  /** Its logit, [B, 1], for losses that need no clipping. */
  readonly logits: NetworkModel;
  /** What it reads, in order. */
  readonly features: readonly TrackFeature[];
  readonly ranges: FeatureRanges;
}

/**
 * Network that tells true from fake tracks: sanitised features and iteration, dense layers each followed by
 * BatchNormalization, one sigmoid. Layers are named as Keras names them.
 * @throws UserError when a hidden layer has no units
 */
export function trackNetwork(config: TrackNetworkConfig): TrackNetwork {
  const { features = TRACK_FEATURES, hiddenUnits = [256, 128, 64, 32, 32] } = config;
  const wrong = hiddenUnits.find((units) => !Number.isInteger(units) || units < 1);
  if (wrong !== undefined) {
    throw new UserError(`hidden units: ${wrong}, expected integers of at least 1, such as [256, 128, 64]`);
  }
  const raw = input(TRACK_INPUTS.features, [features.length]);
  const code = input(TRACK_INPUTS.iteration, [1]);
  const hidden = chain(joined(config, features, raw, code), hiddenLayers(config, hiddenUnits));
  const ending = (activation: 'sigmoid' | 'linear') =>
    dense({
      name: numbered('dense', hiddenUnits.length),
      units: 1,
      activation,
      kernelInitialiser: lecunNormal,
      biasInitialiser: constant(config.outputBias ?? 0.5),
    });
  const close = (activation: 'sigmoid' | 'linear') =>
    modelOf(network('track_dnn', [raw, code], [connect(ending(activation), hidden)]));
  return { classifier: close('sigmoid'), logits: close('linear'), features, ranges: config.ranges };
}

const numbered = (kind: string, index: number) => (index === 0 ? kind : `${kind}_${index}`);

function joined(
  { ranges, oneHotIteration = true }: TrackNetworkConfig,
  features: readonly TrackFeature[],
  raw: NetworkNode,
  code: NetworkNode,
): NetworkNode {
  const sanitised = connect(inputSanitizer({ name: 'input_sanitizer_layer', features, ranges }), raw);
  const iteration = oneHotIteration
    ? connect(oneHot({ name: 'one_hot_layer', depth: ITERATION_CODES }), code)
    : code;
  return connect(concatenate({ name: 'concatenate' }), sanitised, iteration);
}

function hiddenLayers(config: TrackNetworkConfig, hiddenUnits: readonly number[]): Layer[] {
  const { activation = 'relu' } = config;
  return hiddenUnits.flatMap((units, i) => [
    dense({ name: numbered('dense', i), units, activation, kernelInitialiser: lecunNormal }),
    batchNormalization({ name: numbered('batch_normalization', i) }),
  ]);
}
