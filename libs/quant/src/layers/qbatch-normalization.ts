import { tf } from '@hep/graph';
import {
  batchAxes,
  batchNormalization,
  BATCH_NORMALIZATION_EPSILON,
  BATCH_NORMALIZATION_MOMENTUM,
  batchStatistics,
  moveStatistics,
  ones,
  zeros,
} from '@hep/nn';
import type { BatchNormalizationOptions, Context, Layer, ParameterSpec, Parameters } from '@hep/nn';
import { kerasQuantiser } from '../keras.ts';
import { forKernel } from '../quantiser.ts';
import type { Quantiser } from '../quantiser.ts';
import { constraintOf, initialiserOf, resolveQuantiser } from './quantised-weights.ts';
import type { QuantiserLike } from './quantised-weights.ts';

/** Options of `qBatchNormalization`; a quantiser of `null` leaves its numbers as they are. */
export interface QBatchNormalizationOptions extends BatchNormalizationOptions {
  /** Default `quantized_relu_po2(6,2048)`. */
  readonly gammaQuantiser?: QuantiserLike | null;
  /** Default `quantized_po2(5)`. */
  readonly betaQuantiser?: QuantiserLike | null;
  /** Of batch and moving mean; default `quantized_po2(5)`. */
  readonly meanQuantiser?: QuantiserLike | null;
  /** Of batch and moving variance; default `quantized_relu_po2(6,quadratic_approximation=True)`. */
  readonly varianceQuantiser?: QuantiserLike | null;
}

type Quantised = 'gamma' | 'beta' | 'mean' | 'variance';
type Quantisers = Readonly<Record<Quantised, Quantiser | null>>;

/** Powers of two, and even exponents where a root follows. */
const defaults: Readonly<Record<Quantised, string>> = {
  gamma: 'quantized_relu_po2(6,2048)',
  beta: 'quantized_po2(5)',
  mean: 'quantized_po2(5)',
  variance: 'quantized_relu_po2(6,quadratic_approximation=True)',
};

/**
 * Batch normalisation of each channel (last axis) with quantised gamma, beta, mean and variance, in training also those
 * of the batch. The moving statistics follow the batch's unquantised mean and biased variance. QKeras'
 * QBatchNormalization.
 * @throws UserError when a text describes no quantiser
 */
export function qBatchNormalization(options: QBatchNormalizationOptions): Layer {
  const { momentum = BATCH_NORMALIZATION_MOMENTUM, epsilon = BATCH_NORMALIZATION_EPSILON } = options;
  const quantisers = quantisersOf(options);
  const plain = batchNormalization(options);
  return {
    ...plain,
    parameters: (inputShapes) => plain.parameters(inputShapes).map((spec) => within(spec, quantisers)),
    apply: (parameters, [x], context) => {
      const { mean, variance } = momentsOf(parameters, x, context, momentum);
      const quantised = (which: Quantised, value: tf.Tensor) => quantisers[which]?.apply(value) ?? value;
      const inverse = tf.rsqrt(tf.add(quantised('variance', variance), epsilon));
      const { gamma, beta } = parameters as Partial<Parameters>;
      const factor = gamma === undefined ? inverse : tf.mul(inverse, quantised('gamma', gamma));
      const shift = tf.mul(quantised('mean', mean), factor);
      return tf.add(
        tf.mul(x, factor),
        beta === undefined ? tf.neg(shift) : tf.sub(quantised('beta', beta), shift),
      );
    },
    kerasConfig: () => ({
      className: 'QBatchNormalization',
      isCustom: true,
      config: { ...plain.kerasConfig().config, ...keptConfig(options, quantisers) },
    }),
  };
}

function quantisersOf(options: QBatchNormalizationOptions): Quantisers {
  const chosen = (which: Quantised, given: QuantiserLike | null | undefined) =>
    given === null ? null : resolveQuantiser(given ?? defaults[which]);
  const scaled = (quantiser: Quantiser | null) => quantiser && forKernel(quantiser);
  return {
    gamma: scaled(chosen('gamma', options.gammaQuantiser)),
    beta: chosen('beta', options.betaQuantiser),
    mean: chosen('mean', options.meanQuantiser),
    variance: scaled(chosen('variance', options.varianceQuantiser)),
  };
}

/** Statistics [C] of the batch while training, else the moving ones. */
function momentsOf(parameters: Parameters, x: tf.Tensor, context: Context, momentum: number) {
  if (!context.training) {
    return { mean: parameters['moving_mean'], variance: parameters['moving_variance'] };
  }
  const { mean, variance } = batchStatistics(x, batchAxes(x));
  moveStatistics(parameters, mean, variance, context, momentum);
  return { mean, variance };
}

/** Gamma and beta start and stay within the bounds of their quantisers. */
function within(spec: ParameterSpec, quantisers: Quantisers): ParameterSpec {
  if (spec.name !== 'gamma' && spec.name !== 'beta') return spec;
  const quantiser = quantisers[spec.name] ?? undefined;
  return {
    ...spec,
    initialiser: initialiserOf(spec.initialiser, quantiser),
    constraint: constraintOf(quantiser),
  };
}

function keptConfig({ center = true, scale = true }: QBatchNormalizationOptions, quantisers: Quantisers) {
  const written = (which: Quantised) => {
    const quantiser = quantisers[which];
    return quantiser === null ? null : kerasQuantiser(quantiser.config);
  };
  const constraint = (which: 'gamma' | 'beta') => constraintOf(quantisers[which] ?? undefined)?.keras ?? null;
  return {
    beta_quantizer: written('beta'),
    gamma_quantizer: written('gamma'),
    mean_quantizer: written('mean'),
    variance_quantizer: written('variance'),
    beta_initializer: zeros.keras,
    gamma_initializer: ones.keras,
    beta_constraint: center ? constraint('beta') : null,
    gamma_constraint: scale ? constraint('gamma') : null,
    beta_range: null,
    gamma_range: null,
  };
}
