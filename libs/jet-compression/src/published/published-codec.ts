import type { Weights } from '@hep/nn';
import { jetCodec } from '../networks/jet-codec.ts';
import type { JetCodec } from '../networks/jet-codec.ts';
import { variableSets } from '../variables/presets.ts';
import type { DoubleLayer, PublishedCheckpoint } from './checkpoint.ts';

/** A published network in float32 as a codec; errors are told in the units of the normalisation without shifts. */
export function publishedCodec(checkpoint: PublishedCheckpoint): JetCodec {
  const { name, layout, normalisation, encoder, decoder } = checkpoint;
  const weights: Weights = { ...named('encoder/en', encoder), ...named('decoder/de', decoder) };
  return jetCodec({ name, layout, normalisation, metric: variableSets['4d'] }, weights);
}

/** Kernels are (in, out) here. */
function named(prefix: string, layers: readonly DoubleLayer[]): Weights {
  const entries = layers.flatMap(({ inputs, units, weight, bias }, i) => {
    const kernel = Float32Array.from(
      weight,
      (_, at) => weight[(at % units) * inputs + Math.floor(at / units)],
    );
    return [
      [`${prefix}${i + 1}/kernel`, { shape: [inputs, units], values: kernel }],
      [`${prefix}${i + 1}/bias`, { shape: [units], values: Float32Array.from(bias) }],
    ] as const;
  });
  return Object.fromEntries(entries);
}
