import { chain, input, modelOf, network } from '@hep/nn';
import type { Network, NetworkModel, Shape } from '@hep/nn';

/** Encoder, decoder and both in a row, sharing parameters: the autoencoder's are named `encoder/...`, `decoder/...`. */
export interface Autoencoder {
  /** Image [B, H, W, C] -> latent vector [B, latent]. */
  readonly encoder: NetworkModel;
  /** Latent vector -> image with values in (0, 1). */
  readonly decoder: NetworkModel;
  readonly autoencoder: NetworkModel;
}

/** Joins an encoder and a decoder. */
export function joinAutoencoder(imageShape: Shape, encoder: Network, decoder: Network): Autoencoder {
  const image = input('input_1', imageShape);
  return {
    encoder: modelOf(encoder),
    decoder: modelOf(decoder),
    autoencoder: modelOf(network('autoencoder', [image], [chain(image, [encoder, decoder])])),
  };
}
