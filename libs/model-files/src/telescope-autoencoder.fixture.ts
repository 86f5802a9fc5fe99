import { functionalModel, type FunctionalModel } from './keras-layer.ts';
import {
  activation,
  conv2d,
  conv2dTranspose,
  dense,
  flatten,
  inputLayer,
  reshape,
  submodel,
} from './keras-layers.ts';

/** Encoder of the 8x8, 8 filters, stride 2 autoencoder: pictures `[batch, 8, 8, 1]` to 16 latent values. */
export const encoder: FunctionalModel = functionalModel({
  name: 'encoder',
  inputs: ['input_1'],
  layers: [
    inputLayer('input_1', [8, 8, 1]),
    conv2d('conv2d', 'input_1', {
      filters: 8,
      kernelSize: 3,
      strides: 2,
      padding: 'same',
      activation: 'relu',
    }),
    flatten('flatten', 'conv2d'),
    dense('encoded_vector', 'flatten', { units: 16, activation: 'relu' }),
  ],
  outputs: ['encoded_vector'],
});

/** Decoder of the same network. */
export const decoder: FunctionalModel = functionalModel({
  name: 'decoder',
  inputs: ['decoder_input'],
  layers: [
    inputLayer('decoder_input', [16]),
    dense('dense', 'decoder_input', { units: 128, activation: 'relu' }),
    reshape('reshape', 'dense', [4, 4, 8]),
    conv2dTranspose('conv2d_transpose', 'reshape', {
      filters: 8,
      kernelSize: 3,
      strides: 2,
      padding: 'same',
      activation: 'relu',
    }),
    conv2dTranspose('conv2d_transpose_1', 'conv2d_transpose', { filters: 1, kernelSize: 3, padding: 'same' }),
    activation('decoder_output', 'conv2d_transpose_1', 'sigmoid'),
  ],
  outputs: ['decoder_output'],
});

/** Encoder and decoder as sub-models, as the reference writes it. */
export const autoencoder: FunctionalModel = functionalModel({
  name: 'autoencoder',
  inputs: ['input_1'],
  layers: [inputLayer('input_1', [8, 8, 1]), submodel(encoder, 'input_1'), submodel(decoder, 'encoder')],
  outputs: ['decoder'],
});

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
