import { chain, concatenate, connect, input, modelOf, network } from '@hep/nn';
import type { Network, NetworkModel, Shape } from '@hep/nn';

/** Name of the autoencoder's input with the conditions. */
export const CONDITIONS_INPUT = 'conditions';

/** Encoder, decoder and both in a row, sharing parameters: the autoencoder's are named `encoder/...`, `decoder/...`. */
export interface Autoencoder {
  /** Image [B, H, W, C] -> latent vector [B, latent]. */
  readonly encoder: NetworkModel;
  /** Latent vector, and the conditions after it where there are any -> image. */
  readonly decoder: NetworkModel;
  /** Inputs `input_1`, the image, and `conditions` [B, conditions], where there are any -> image. */
  readonly autoencoder: NetworkModel;
  /** How many numbers the decoder knows of a module beside its latent vector; 0 for most networks. */
  readonly conditions: number;
}

/** Joins an encoder and a decoder. @param conditions numbers that the decoder reads after the latent vector */
export function joinAutoencoder(
  imageShape: Shape,
  encoder: Network,
  decoder: Network,
  conditions = 0,
): Autoencoder {
  const image = input('input_1', imageShape);
  const parts = { encoder: modelOf(encoder), decoder: modelOf(decoder), conditions };
  if (conditions === 0) {
    const decoded = chain(image, [encoder, decoder]);
    return { ...parts, autoencoder: modelOf(network('autoencoder', [image], [decoded])) };
  }
  const known = input(CONDITIONS_INPUT, [conditions]);
  const joined = connect(concatenate({ name: 'latent_and_conditions' }), connect(encoder, image), known);
  const decoded = connect(decoder, joined);
  return { ...parts, autoencoder: modelOf(network('autoencoder', [image, known], [decoded])) };
}
