import type { Weights } from '@hep/nn';
import { jetCodec } from '../networks/jet-codec.ts';
import type { JetCodec } from '../networks/jet-codec.ts';
import type { PublishedCheckpoint } from './checkpoint.ts';
import type { DoubleBlock, DoubleLayer, DoubleNormalisation } from './checkpoint-layers.ts';

/** A published network in float32 as a codec; errors are told in the units of the normalisation without shifts. */
export function publishedCodec(checkpoint: PublishedCheckpoint): JetCodec {
  const { name, layout, normalisation, metric, encoder, start, decoder } = checkpoint;
  const weights: Weights = Object.fromEntries([
    ...ofBlocks('encoder/en', encoder),
    ...(start === null ? [] : ofNormalisation('decoder/de0', start)),
    ...ofBlocks('decoder/de', decoder),
  ]);
  return jetCodec({ name, layout, normalisation, metric }, weights);
}

type Entry = readonly [string, Weights[string]];

function ofBlocks(prefix: string, blocks: readonly DoubleBlock[]): Entry[] {
  return blocks.flatMap(({ layer, normalisation }, i) => {
    const name = `${prefix}${i + 1}`;
    return [...ofLayer(name, layer), ...(normalisation === null ? [] : ofNormalisation(name, normalisation))];
  });
}

/** Kernels are (in, out) here. */
function ofLayer(name: string, { inputs, units, weight, bias }: DoubleLayer): Entry[] {
  const kernel = Float32Array.from(weight, (_, at) => weight[(at % units) * inputs + Math.floor(at / units)]);
  return [
    [`${name}/kernel`, { shape: [inputs, units], values: kernel }],
    ...(bias === null
      ? []
      : [[`${name}/bias`, { shape: [units], values: Float32Array.from(bias) }] as const]),
  ];
}

function ofNormalisation(name: string, { gamma, beta, mean, variance }: DoubleNormalisation): Entry[] {
  const entry = (part: string, values: Float64Array): Entry => [
    `${name}_bn/${part}`,
    { shape: [values.length], values: Float32Array.from(values) },
  ];
  return [
    entry('gamma', gamma),
    entry('beta', beta),
    entry('moving_mean', mean),
    entry('moving_variance', variance),
  ];
}
