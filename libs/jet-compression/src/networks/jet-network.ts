/** Autoencoders of jets, plain and variational. */
import {
  activation,
  batchNormalization,
  chain,
  concatenate,
  connect,
  dense,
  dropout,
  fanInUniform,
  input,
  leakyRelu,
  modelOf,
  network,
} from '@hep/nn';
import type { Layer, NetworkModel, NetworkNode } from '@hep/nn';
import type { AfterDense, JetLayout } from './layouts.ts';
import { sampling } from './sampling.ts';

/** Input of encoder and autoencoder: normalised variables, [B, variables]. */
export const VARIABLES_INPUT = 'variables';
/** Input of the decoder, [B, latent]. */
const LATENT_INPUT = 'latent';

/** What a network is made of. */
export interface JetNetworkOptions {
  readonly layout: JetLayout;
  /** Number of variables of a jet. */
  readonly variables: number;
  /** Learn a distribution for each jet instead of a point; its mean is what is stored. */
  readonly variational: boolean;
  /** Probability that a hidden unit is dropped, in layouts with dropout. */
  readonly dropoutRate: number;
  /** Start of the weights in units of PyTorch's; larger ones let the latent surface fold earlier. */
  readonly initialGain: number;
}

/** The same parameters as several models. */
export interface JetNetwork {
  /** variables -> latent vector. */
  readonly encoder: NetworkModel;
  /** latent vector -> variables. */
  readonly decoder: NetworkModel;
  /** Both in a row; parameters `encoder/...`, `decoder/...`. */
  readonly autoencoder: NetworkModel;
  /** What is trained: the autoencoder, or one that draws the latent vector and reports the cost `kl`. */
  readonly training: NetworkModel;
  readonly variational: boolean;
}

/** Layers are named `en1`, ... and `de1`, ... as in the published checkpoints. */
export function jetNetwork(options: JetNetworkOptions): JetNetwork {
  const { layout, variables, variational } = options;
  const first = input(VARIABLES_INPUT, [variables]);
  const hidden = chain(first, hiddenLayers('en', layout.encoder, variables, options));
  const position = layout.encoder.length + 1;
  const latentLayer = (name: string) => affine(name, layout.latent, hidden.shape[0], options);
  const mean = chain(
    connect(latentLayer(`en${position}`), hidden),
    after(`en${position}`, layout.stored, options),
  );
  const encoder = network('encoder', [first], [mean]);
  const decoder = decoderOf(options);
  const whole = (name: string, ...layers: readonly Layer[]) => {
    const variablesOfJet = input(VARIABLES_INPUT, [variables]);
    return modelOf(network(name, [variablesOfJet], [chain(variablesOfJet, layers)]));
  };
  const autoencoder = whole('autoencoder', encoder, decoder);
  const parts = { encoder: modelOf(encoder), decoder: modelOf(decoder), autoencoder, variational };
  if (!variational) return { ...parts, training: autoencoder };
  const moments = connect(concatenate({ name: 'moments' }), mean, connect(latentLayer('log_sigma'), hidden));
  const distribution = network('encoder', [first], [moments]);
  return { ...parts, training: whole('variational', distribution, sampling({ name: 'sampling' }), decoder) };
}

function decoderOf(options: JetNetworkOptions) {
  const { layout, variables } = options;
  const latent = input(LATENT_INPUT, [layout.latent]);
  const start: NetworkNode = chain(latent, after('de0', layout.restored, options));
  const hidden = chain(start, hiddenLayers('de', layout.decoder, layout.latent, options));
  const last = affine(
    `de${layout.decoder.length + 1}`,
    variables,
    hidden.shape[0],
    options,
    layout.outputBias,
  );
  const ending =
    layout.output === undefined ? [] : [activation({ name: 'output', activation: layout.output })];
  return network('decoder', [latent], [chain(hidden, [last, ...ending])]);
}

function hiddenLayers(
  prefix: string,
  sizes: readonly number[],
  inputs: number,
  options: JetNetworkOptions,
): Layer[] {
  return sizes.flatMap((units, i) => {
    const name = `${prefix}${i + 1}`;
    const layer = affine(name, units, i === 0 ? inputs : sizes[i - 1], options);
    return [layer, ...after(name, options.layout.hidden, options)];
  });
}

function affine(
  name: string,
  units: number,
  fanIn: number,
  { initialGain }: JetNetworkOptions,
  useBias = true,
): Layer {
  const start = fanInUniform(fanIn, initialGain);
  return dense({ name, units, useBias, kernelInitialiser: start, biasInitialiser: start });
}

/** PyTorch's slope of LeakyReLU below zero. */
export const LEAKY_SLOPE = 0.01;
/** What PyTorch adds to the variance of a batch. */
export const TORCH_EPSILON = 1e-5;
/** PyTorch's defaults, in Keras' convention of the momentum. */
const TORCH_NORMALISATION = { momentum: 0.9, epsilon: TORCH_EPSILON, unbiased: true } as const;

/** Layers after a dense layer of this name. */
function after(name: string, kinds: readonly AfterDense[], { dropoutRate }: JetNetworkOptions): Layer[] {
  return kinds.flatMap((kind): Layer[] => {
    switch (kind) {
      case 'tanh':
      case 'relu':
        return [activation({ name: `${name}_${kind}`, activation: kind })];
      case 'leaky-relu':
        return [leakyRelu({ name: `${name}_leaky_relu`, slope: LEAKY_SLOPE })];
      case 'batch-normalisation':
        return [batchNormalization({ name: `${name}_bn`, ...TORCH_NORMALISATION })];
      case 'dropout':
        return dropoutRate > 0 ? [dropout({ name: `${name}_dropout`, rate: dropoutRate })] : [];
    }
  });
}
