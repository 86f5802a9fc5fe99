import { activation, chain, conv2d, conv2dTranspose, dense, flatten, input, network, reshape } from '@hep/nn';
import type { FunctionalModel } from './keras-layer.ts';
import { modelFromNetwork } from './model-from-network.ts';

const convolution = { filters: 8, kernelSize: 3, strides: 2, padding: 'same', activation: 'relu' } as const;

const picture = input('input_1', [8, 8, 1]);
const encoderNetwork = network(
  'encoder',
  [picture],
  [
    chain(picture, [
      conv2d({ name: 'conv2d', ...convolution }),
      flatten({ name: 'flatten' }),
      dense({ name: 'encoded_vector', units: 16, activation: 'relu' }),
    ]),
  ],
);

const latent = input('decoder_input', [16]);
const decoderNetwork = network(
  'decoder',
  [latent],
  [
    chain(latent, [
      dense({ name: 'dense', units: 128, activation: 'relu' }),
      reshape({ name: 'reshape', targetShape: [4, 4, 8] }),
      conv2dTranspose({ name: 'conv2d_transpose', ...convolution }),
      conv2dTranspose({ name: 'conv2d_transpose_1', filters: 1, kernelSize: 3, padding: 'same' }),
      activation({ name: 'decoder_output', activation: 'sigmoid' }),
    ]),
  ],
);

/** Encoder of the 8x8, 8 filters, stride 2 autoencoder: pictures `[batch, 8, 8, 1]` to 16 latent values. */
export const encoder: FunctionalModel = modelFromNetwork(encoderNetwork);

/** Encoder and decoder as sub-models, as the reference writes it. */
export const autoencoder: FunctionalModel = modelFromNetwork(
  network('autoencoder', [picture], [chain(picture, [encoderNetwork, decoderNetwork])]),
);

/** Names and Keras shapes of its ten parameters. */
export const autoencoderShapes: readonly { name: string; shape: readonly number[] }[] = [
  { name: 'encoder/conv2d/kernel', shape: [3, 3, 1, 8] },
  { name: 'encoder/conv2d/bias', shape: [8] },
  { name: 'encoder/encoded_vector/kernel', shape: [128, 16] },
  { name: 'encoder/encoded_vector/bias', shape: [16] },
  { name: 'decoder/dense/kernel', shape: [16, 128] },
  { name: 'decoder/dense/bias', shape: [128] },
  { name: 'decoder/conv2d_transpose/kernel', shape: [3, 3, 8, 8] },
  { name: 'decoder/conv2d_transpose/bias', shape: [8] },
  { name: 'decoder/conv2d_transpose_1/kernel', shape: [3, 3, 1, 8] },
  { name: 'decoder/conv2d_transpose_1/bias', shape: [1] },
];
