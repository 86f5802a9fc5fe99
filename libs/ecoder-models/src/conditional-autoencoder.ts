import { CONDITIONS } from '@hep/datasets';
import { activation, chain, conv2dTranspose, dense, flatten, input, network, reshape } from '@hep/nn';
import { UserError } from '@hep/options';
import { qActivation, truncation } from '@hep/quant';
import { joinAutoencoder } from './autoencoder.ts';
import type { Autoencoder } from './autoencoder.ts';
import { quantisedLayers } from './encoder-layers.ts';
import { quantisation, signed } from './quantisation.ts';
import type { Quantisation, QuantisationOptions } from './quantisation.ts';

const LATENT_SIZE = 16;
/** Format of the chip's latent vector before it is cut to the bits that the eLinks carry. */
const WHOLE_LATENT = { bits: 9, integer: 1 };

const chip: QuantisationOptions = {
  input: { bits: 8, integer: 1 },
  accumulator: { bits: 8, integer: 1 },
  conv: { bits: 6, integer: 0 },
  dense: { bits: 6, integer: 0 },
};

/**
 * Formats of the encoder that the chip has, all signed: 8 bits between layers, weights of 6 bits, 3, 5, 7, 9 bits of a
 * latent element on 2 to 5 eLinks.
 * @throws UserError as `quantisation`, and for latent elements that do not have one bit before the point
 */
export function chipQuantisation(options: QuantisationOptions = {}): Quantisation {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const formats = quantisation({ ...chip, ...given });
  if (formats.latent.integer !== WHOLE_LATENT.integer) {
    throw new UserError(
      `bits of latent: ${formats.latent.integer} before the point, expected 1, since the chip truncates numbers of that form`,
    );
  }
  return formats;
}

/**
 * The autoencoder that CMS plans for the ECON-T: the encoder of the chip, whose latent vector is truncated to the bits
 * that the eLinks carry, and a decoder that also knows where the module is and how much charge it has. Images
 * [B, 8, 8, 1], conditions [B, 8] (see `conditionsOf`); 12 737 parameters, 2 144 of them in the encoder.
 *
 * The reference pads a stride-2 convolution by hand and cuts the transposed one to 8 x 8; padding `same` does the same.
 * @throws UserError when latent elements have more bits than `truncate` takes
 */
export function conditionalAutoencoder(formats: Quantisation): Autoencoder {
  const image = input('input_1', [8, 8, 1]);
  const layers = quantisedLayers(formats);
  const [sums] = layers.latent(LATENT_SIZE);
  const latent = chain(image, [
    ...layers.input,
    layers.convolution({ name: 'conv2d_0_m', filters: 8, kernelSize: 3, strides: 2, padding: 'same' }),
    qActivation({ name: 'accum1_qa', activation: signed(formats.accumulator) }),
    flatten({ name: 'flatten' }),
    sums,
    qActivation({ name: 'encod_qa', activation: signed(WHOLE_LATENT) }),
    truncation({ name: 'truncation', bits: formats.latent.bits }),
  ]);
  const known = input('decoder_input', [LATENT_SIZE + CONDITIONS]);
  const restored = chain(known, [
    dense({ name: 'de_dense_0', units: 24, activation: 'relu' }),
    dense({ name: 'de_dense_1', units: 64, activation: 'relu' }),
    dense({ name: 'de_dense_final', units: 128, activation: 'relu' }),
    reshape({ name: 'de_reshape', targetShape: [4, 4, 8] }),
    conv2dTranspose({ name: 'conv2d_t_final', filters: 1, kernelSize: 3, strides: 2, padding: 'same' }),
    activation({ name: 'decoder_output', activation: 'relu' }),
  ]);
  const encoder = network('encoder', [image], [latent]);
  return joinAutoencoder([8, 8, 1], encoder, network('decoder', [known], [restored]), CONDITIONS);
}
