import { activation, chain, flatten, initialise, input, network } from '@hep/nn';
import type { Network, Weights } from '@hep/nn';
import { qActivation } from '../layers/qactivation.ts';
import { learnedConv2d, learnedDense } from '../learned/learned-layers.ts';
import type { LearnedOptions } from '../learned/learned-layers.ts';

/** As `quantisedEncoder`, with learned bits: image [B, 8, 8, 1] -> latent vector [B, 16]. */
export function learnedEncoder(options: LearnedOptions = {}): Network {
  const image = input('image', [8, 8, 1]);
  const window = { kernelSize: 3, strides: 2, padding: 'same' } as const;
  const layers = [
    learnedConv2d({ name: 'conv', filters: 8, ...window, ...options }),
    activation({ name: 'relu', activation: 'relu' }),
    flatten({ name: 'flatten' }),
    learnedDense({ name: 'dense', units: 16, ...options }),
    qActivation({ name: 'latent', activation: 'quantized_relu(9,1)' }),
  ];
  return network('encoder', [image], [chain(image, layers)]);
}

/** Initial weights, bits changed by a formula of the position so that neighbours differ. */
export function weightsWithBits(
  { parameterSpecs }: Network,
  bits: (kind: string, position: number) => number | undefined,
): Weights {
  const weights = initialise(parameterSpecs, 4);
  return Object.fromEntries(
    Object.entries(weights).map(([name, { shape, values }]) => {
      const kind = name.slice(name.indexOf('/') + 1);
      return [name, { shape, values: values.map((value, position) => bits(kind, position) ?? value) }];
    }),
  );
}
