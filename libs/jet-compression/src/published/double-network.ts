/** Published networks in the double precision in which they were trained; slow, the oracle of the float32 ones. */
import type { AfterDense } from '../networks/layouts.ts';
import { LEAKY_SLOPE, TORCH_EPSILON } from '../networks/jet-network.ts';
import type { DoubleBlock, DoubleLayer, DoubleNormalisation, PublishedLayers } from './checkpoint-layers.ts';

/** Normalised variables [rows, variables] -> latent vectors [rows, latent] as they are stored. */
export function encodeDouble(
  { encoder, layout }: PublishedLayers,
  variables: ArrayLike<number>,
): Float64Array {
  return throughBlocks(encoder, layout.hidden, layout.stored, Float64Array.from(variables));
}

/** Latent vectors [rows, latent] -> normalised variables [rows, variables]. */
export function decodeDouble(
  { decoder, start, layout }: PublishedLayers,
  latent: ArrayLike<number>,
): Float64Array {
  const restored = after(layout.restored, start, Float64Array.from(latent));
  return throughBlocks(decoder, layout.hidden, [], restored);
}

function throughBlocks(
  blocks: readonly DoubleBlock[],
  hidden: readonly AfterDense[],
  last: readonly AfterDense[],
  values: Float64Array,
): Float64Array {
  return blocks.reduce(
    (rows, { layer, normalisation }, i) =>
      after(i === blocks.length - 1 ? last : hidden, normalisation, affine(layer, rows)),
    values,
  );
}

function affine({ inputs, units, weight, bias }: DoubleLayer, values: Float64Array): Float64Array {
  const rows = values.length / inputs;
  const result = new Float64Array(rows * units);
  for (let row = 0; row < rows; row++) {
    for (let unit = 0; unit < units; unit++) {
      let sum = bias === null ? 0 : bias[unit];
      for (let i = 0; i < inputs; i++) sum += weight[unit * inputs + i] * values[row * inputs + i];
      result[row * units + unit] = sum;
    }
  }
  return result;
}

/** What stands after a layer, in inference: dropout does nothing. */
function after(
  kinds: readonly AfterDense[],
  normalisation: DoubleNormalisation | null,
  values: Float64Array,
): Float64Array {
  return kinds.reduce((numbers, kind) => {
    switch (kind) {
      case 'tanh':
        return numbers.map(Math.tanh);
      case 'relu':
        return numbers.map((value) => Math.max(0, value));
      case 'leaky-relu':
        return numbers.map((value) => (value > 0 ? value : LEAKY_SLOPE * value));
      case 'batch-normalisation':
        return normalised(normalisation!, numbers);
      case 'dropout':
        return numbers;
    }
  }, values);
}

function normalised(
  { gamma, beta, mean, variance }: DoubleNormalisation,
  values: Float64Array,
): Float64Array {
  const width = gamma.length;
  return values.map((value, i) => {
    const k = i % width;
    return (gamma[k] * (value - mean[k])) / Math.sqrt(variance[k] + TORCH_EPSILON) + beta[k];
  });
}
