import { chain, flatten, input, network } from '@hep/nn';
import type { Layer, Network } from '@hep/nn';
import { qActivation } from '../layers/qactivation.ts';
import { qConv2d } from '../layers/qconv2d.ts';
import { qDense } from '../layers/qdense.ts';

const weights = 'quantized_bits(5,1,0,alpha=1)';
const quantisers = { kernelQuantiser: weights, biasQuantiser: weights };

/** The convolution of the encoder. */
export function quantisedConv(): Layer {
  const window = { kernelSize: 3, strides: 2, padding: 'same' } as const;
  return qConv2d({ name: 'conv2d_0_m', filters: 8, ...window, ...quantisers });
}

/** The encoder of the Ecoder study's model 8x8_c8_S2_qK: image [B, 8, 8, 1] -> latent vector [B, 16]. */
export function quantisedEncoder(): Network {
  const image = input('image', [8, 8, 1]);
  const layers = [
    qActivation({ name: 'input_qa', activation: 'quantized_bits(10,3,0,alpha=1)' }),
    quantisedConv(),
    qActivation({ name: 'accum1_qa', activation: 'quantized_relu(11,3)' }),
    flatten({ name: 'flatten' }),
    qDense({ name: 'encoded_vector', units: 16, ...quantisers }),
    qActivation({ name: 'latent', activation: 'quantized_relu(9,1)' }),
  ];
  return network('encoder', [image], [chain(image, layers)]);
}
