import { tf } from '@hep/graph';
import type { KerasLayer, Network, Weights } from '@hep/nn';
import { UserError } from '@hep/options';
import { bitsOf } from './config.ts';
import { quantiserFromKeras } from './keras.ts';
import { printQuantiser } from './notation.ts';
import type { Quantiser } from './quantiser.ts';

/** A weight of a network after its quantiser. */
export interface WeightCodes {
  readonly layer: string;
  /** `kernel`, `bias`, ... */
  readonly weight: string;
  readonly shape: readonly number[];
  /** The quantiser as a text. */
  readonly quantiser: string;
  readonly bits: number;
  readonly values: Float32Array;
  /** Factor between codes and values: one, or one for each output channel. */
  readonly steps: readonly number[];
  /** Whole numbers; a value is its code times its step. */
  readonly codes: Int32Array;
}

/**
 * The quantised weights of a network (QKeras, `model_save_quantized_weights`), in the order of its parameters; weights
 * without a quantiser are left out. Weights replaced by these values give the same network, if scales are fixed.
 * @throws UserError for weights that are no multiples of a step, such as powers of two
 */
export function weightCodes(network: Network, weights: Weights): WeightCodes[] {
  const layers = new Map(
    network.nodes.flatMap(({ layer }) =>
      layer === null ? [] : [[layer.name, layer.kerasConfig()] as const],
    ),
  );
  return network.parameterSpecs.flatMap(({ name }) => {
    const [layer, weight] = name.split('/');
    const quantiser = quantiserOf(layers.get(layer), weight);
    return quantiser === undefined ? [] : [quantised(layer, weight, quantiser, weights[name])];
  });
}

function quantiserOf(layer: KerasLayer | undefined, weight: string): Quantiser | undefined {
  const given = layer?.config[`${weight.replace(/^moving_/, '')}_quantizer`] ?? null;
  return given === null ? undefined : quantiserFromKeras(given);
}

function quantised(
  layer: string,
  weight: string,
  quantiser: Quantiser,
  { shape, values: latent }: Weights[string],
): WeightCodes {
  const values = tf.tidy(() => {
    const x = tf.tensor(latent, [...shape]);
    return quantiser.apply(x).dataSync().slice() as Float32Array;
  });
  const steps = stepsOf(quantiser, latent, shape);
  if (steps === null) {
    throw new UserError(
      `layer ${layer}: values of ${printQuantiser(quantiser.config)} are no multiples of a step; use quantized_bits`,
    );
  }
  const codes = Int32Array.from(values, (value, i) => {
    const step = steps[i % steps.length];
    return step === 0 ? 0 : Math.round(value / step);
  });
  const { config } = quantiser;
  const bits = bitsOf(config);
  return { layer, weight, shape, quantiser: printQuantiser(config), bits, values, steps, codes };
}

/** One step, or one for each element of the last axis. */
function stepsOf(
  { config, scale }: Quantiser,
  latent: Float32Array,
  shape: readonly number[],
): number[] | null {
  if (config.kind !== 'quantized_bits' && config.kind !== 'binary' && config.kind !== 'ternary') return null;
  const scales = tf.tidy(() => [...(scale(tf.tensor(latent, [...shape]))?.dataSync() ?? [1])]);
  if (config.kind !== 'quantized_bits') return scales;
  const magnitudeBits = config.bits - Number(config.keepNegative);
  const step = magnitudeBits === 0 ? 1 : 2 ** (config.integer - magnitudeBits);
  return scales.map((factor) => factor * step);
}
