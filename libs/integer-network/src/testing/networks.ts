import { chain, flatten, input, maxPooling2d, network } from '@hep/nn';
import type { Layer, Network } from '@hep/nn';
import { qActivation, qConv2d, qDense } from '@hep/quant';

/** Bits of the networks in the tests: texts of quantisers. */
export interface Bits {
  readonly input: string;
  readonly weights: string;
  readonly bias?: string;
  readonly accumulator: string;
  readonly latent: string;
}

/** The formats of the Ecoder study with a latent vector of `latentBits`. */
export const studyBits = (latentBits = 9): Bits => ({
  input: 'quantized_bits(10,3,0,alpha=1)',
  weights: 'quantized_bits(5,1,0,alpha=1)',
  accumulator: 'quantized_relu(11,3)',
  latent: `quantized_relu(${latentBits},1)`,
});

/** The study's encoder: image [B, 8, 8, 1] -> latent vector [B, 16]; pooled instead of strided, if asked for. */
export function encoder(bits: Bits, pooled = false): Network {
  const image = input('image', [8, 8, 1]);
  const weights = { kernelQuantiser: bits.weights, biasQuantiser: bits.bias ?? bits.weights };
  const window = { kernelSize: 3, strides: pooled ? 1 : 2, padding: 'same' } as const;
  const layers: Layer[] = [
    qActivation({ name: 'input_qa', activation: bits.input }),
    qConv2d({ name: 'conv2d_0_m', filters: 8, ...window, ...weights }),
    ...(pooled ? [maxPooling2d({ name: 'mp_0', padding: 'same' })] : []),
    qActivation({ name: 'accum1_qa', activation: bits.accumulator }),
    flatten({ name: 'flatten' }),
    qDense({ name: 'encoded_vector', units: 16, ...weights }),
    qActivation({ name: 'encod_qa', activation: bits.latent }),
  ];
  return network('encoder', [image], [chain(image, layers)]);
}
