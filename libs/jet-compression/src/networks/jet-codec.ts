/** A trained network with what it needs to turn jets into latent vectors and back. */
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { atomicWrite } from '@hep/files';
import { withinPath } from '@hep/nn';
import type { Weights } from '@hep/nn';
import type { Normalisation } from '../variables/normalisation.ts';
import { jetNetwork } from './jet-network.ts';
import type { JetNetwork } from './jet-network.ts';
import type { JetLayout } from './layouts.ts';

/** What is known of a network beside its weights; plain data. */
export interface CodecDescription {
  readonly name: string;
  readonly layout: JetLayout;
  /** What the network reads and writes. */
  readonly normalisation: Normalisation;
  /** In whose units errors are told, the same for all networks of a set of variables. */
  readonly metric: Normalisation;
}

/** Encoder and decoder of jets. */
export interface JetCodec extends CodecDescription {
  readonly network: JetNetwork;
  /** Parameters of the autoencoder, `encoder/...` and `decoder/...`. */
  readonly weights: Weights;
}

/** The codec of a description; `weights` may hold further ones, such as those of a distribution's width. */
export function jetCodec(description: CodecDescription, weights: Weights): JetCodec {
  const { name, layout, normalisation, metric } = description;
  const network = jetNetwork({
    layout,
    variables: normalisation.length,
    variational: false,
    dropoutRate: 0,
    initialGain: 1,
  });
  const own = Object.fromEntries(
    network.autoencoder.parameterSpecs.map((spec) => [spec.name, weights[spec.name]]),
  );
  return { name, layout, normalisation, metric, network, weights: own };
}

/** SHA-256 of the decoder: a file of latent vectors can be decoded by no other. */
export function fingerprint({ network, weights, normalisation }: JetCodec): string {
  const hash = createHash('sha256').update(JSON.stringify(normalisation));
  const own = withinPath(weights, 'decoder');
  for (const { name, shape } of network.decoder.parameterSpecs) {
    const { values } = own[name];
    hash.update(`${name} ${shape.join()}`);
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  return hash.digest('hex');
}

/** Name of the description beside the exported weights. */
export const DESCRIPTION_FILE = 'jet-codec.json';

/** Writes the description to a folder of exports. Returns its path. */
export async function writeDescription(
  folder: string,
  { name, layout, normalisation, metric }: CodecDescription,
): Promise<string> {
  const path = join(folder, DESCRIPTION_FILE);
  const content = { format: 1, name, layout, normalisation, metric };
  await atomicWrite(path, `${JSON.stringify(content, null, 2)}\n`);
  return path;
}
