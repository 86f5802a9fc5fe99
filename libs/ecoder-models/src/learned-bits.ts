import { activation } from '@hep/nn';
import { learnedConv2d, learnedDefaults, learnedDense, qActivation } from '@hep/quant';
import type { Granularity, LearnedOptions, LearnedSettings } from '@hep/quant';
import type { EncoderLayers } from './encoder-layers.ts';
import { rectified, signed } from './quantisation.ts';
import type { FixedPointFormat, Quantisation } from './quantisation.ts';

/** How the bits of an encoder are learned. */
export interface LearnedBits {
  /** Which weights have bits of their own. */
  readonly weights: Granularity;
  /** Which numbers between the layers have bits of their own. */
  readonly activations: Granularity;
}

/** What learned bits are made from. */
export interface LearnedBitsOptions {
  /** Default: every weight. */
  readonly granularity?: Granularity;
  /**
   * Default: a tensor. Pixels with bits of their own lose them before the network has learned what they are for (measured,
   * docs/learned-bits.md), and QKeras has no such numbers.
   */
  readonly activationGranularity?: Granularity;
}

/** The way bits are learned, with defaults. */
export function learnedBits({ granularity, activationGranularity }: LearnedBitsOptions = {}): LearnedBits {
  return { weights: granularity ?? 'element', activations: activationGranularity ?? 'tensor' };
}

/** Bits move by whole numbers, so they may move faster than weights. */
const LEARNING_RATE_FACTOR = 10;

/**
 * Layers whose bits are learned, beginning with the given formats; input and latent vector keep theirs. What comes into
 * a layer is never negative: pixels and rectified sums, and has no sign. It saturates and rounds as QKeras does.
 */
export function learnedLayers(formats: Quantisation, learned: LearnedBits): EncoderLayers {
  const rectifier = (name: string) => [activation({ name: `${name}_relu`, activation: 'relu' })];
  const sums = (name: string, units: number) =>
    learnedDense({ name, units, ...quantisers(formats, formats.dense, learned) });
  return {
    input: [qActivation({ name: 'input_qa', activation: signed(formats.input) })],
    convolution: (options) => learnedConv2d({ ...options, ...quantisers(formats, formats.conv, learned) }),
    rectifier,
    hidden: (name, units) => [sums(name, units), ...rectifier(name)],
    latent: (units) => [
      sums('encoded_vector', units),
      qActivation({ name: 'encod_qa', activation: rectified(formats.latent) }),
    ],
  };
}

function quantisers(
  { accumulator: { bits, integer } }: Quantisation,
  weights: FixedPointFormat,
  learned: LearnedBits,
): LearnedOptions {
  const start = { bits: weights.bits - 1, integer: weights.integer };
  const input = from(learnedDefaults.activation, { bits: bits - integer, integer });
  return {
    input: {
      ...(learned.activations === 'tensor' ? withinQkeras(input) : input),
      granularity: learned.activations,
      keepNegative: false,
      rounding: 'RND_CONV',
      overflow: 'SAT',
      decay: undefined,
    },
    kernel: { ...from(learnedDefaults.kernel, start), granularity: learned.weights },
    bias: { ...from(learnedDefaults.bias, start), granularity: learned.weights },
  };
}

/** Formats of QKeras have no fewer than 0 bits on either side of the point. */
function withinQkeras(settings: LearnedSettings): LearnedSettings {
  return {
    ...settings,
    integer: { ...settings.integer, minimum: 0 },
    learned: { ...settings.learned, minimum: 0 },
  };
}

/** Settings that begin with a format; `bits` are those of the learned number, without sign. */
function from(settings: LearnedSettings, { bits, integer }: FixedPointFormat): LearnedSettings {
  return {
    ...settings,
    learningRateFactor: LEARNING_RATE_FACTOR,
    integer: { ...settings.integer, initial: integer },
    learned: { ...settings.learned, initial: bits },
  };
}
