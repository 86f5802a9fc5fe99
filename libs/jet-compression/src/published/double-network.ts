/** Published networks in the double precision in which they were trained; slow, the oracle of the float32 ones. */
import type { DoubleLayer, PublishedCheckpoint } from './checkpoint.ts';

/** Normalised variables [rows, variables] -> latent vectors [rows, latent], without a tanh. */
export function encodeDouble({ encoder }: PublishedCheckpoint, variables: ArrayLike<number>): Float64Array {
  return throughLayers(encoder, Float64Array.from(variables));
}

/** Latent vectors [rows, latent] -> normalised variables [rows, variables]; tanh comes first. */
export function decodeDouble({ decoder }: PublishedCheckpoint, latent: ArrayLike<number>): Float64Array {
  return throughLayers(decoder, Float64Array.from(latent, Math.tanh));
}

function throughLayers(layers: readonly DoubleLayer[], values: Float64Array): Float64Array {
  return layers.reduce((rows, layer, i) => {
    const sums = affine(layer, rows);
    return i === layers.length - 1 ? sums : sums.map(Math.tanh);
  }, values);
}

function affine({ inputs, units, weight, bias }: DoubleLayer, values: Float64Array): Float64Array {
  const rows = values.length / inputs;
  const result = new Float64Array(rows * units);
  for (let row = 0; row < rows; row++) {
    for (let unit = 0; unit < units; unit++) {
      let sum = bias[unit];
      for (let i = 0; i < inputs; i++) sum += weight[unit * inputs + i] * values[row * inputs + i];
      result[row * units + unit] = sum;
    }
  }
  return result;
}
