/** Trained networks from files. */
import { existsSync } from 'node:fs';
import { extname, join } from 'node:path';
import { readBounded } from '@hep/files';
import { matchWeights, readKerasWeights } from '@hep/model-files';
import { UserError } from '@hep/options';
import { CHECKPOINT_EXTENSIONS, readCheckpoint } from '../published/checkpoint.ts';
import type { CheckpointHints } from '../published/checkpoint.ts';
import { publishedCodec } from '../published/published-codec.ts';
import { parseNormalisation } from '../variables/normalisation.ts';
import { DESCRIPTION_FILE, jetCodec } from './jet-codec.ts';
import type { CodecDescription, JetCodec } from './jet-codec.ts';
import { jetNetwork } from './jet-network.ts';
import { parseLayout } from './parse-layout.ts';

const LARGEST_DESCRIPTION = 2 ** 20;

/**
 * The codec of a run directory, of a folder of exports, or of a published checkpoint.
 * @param hints what a checkpoint of PyTorch does not say
 * @throws UserError when there is none, or its files do not fit together
 */
export async function loadCodec(path: string, hints: CheckpointHints = {}): Promise<JetCodec> {
  const folders = [join(path, 'exports'), path];
  const folder = folders.find((candidate) => existsSync(join(candidate, DESCRIPTION_FILE)));
  if (folder !== undefined) {
    if (Object.values(hints).every((hint) => hint === undefined)) return exportedCodec(folder);
    throw new UserError(`${path}: is no published checkpoint; leave --shifts and --activation away`);
  }
  if (CHECKPOINT_EXTENSIONS.includes(extname(path)) && existsSync(path)) {
    return publishedCodec(await readCheckpoint(path, hints));
  }
  throw new UserError(
    `${path}: no trained network there; give the folder of a finished run, its exports, or a checkpoint (.pth, .npz, .json)`,
  );
}

async function exportedCodec(folder: string): Promise<JetCodec> {
  const path = join(folder, DESCRIPTION_FILE);
  const description = parseDescription(await readBounded(path, LARGEST_DESCRIPTION), path);
  const { name, layout, normalisation } = description;
  const { autoencoder } = jetNetwork({
    layout,
    variables: normalisation.length,
    variational: false,
    dropoutRate: 0,
    initialGain: 1,
  });
  const values = matchWeights(
    autoencoder.parameterSpecs,
    await readKerasWeights(join(folder, `${name}.hdf5`)),
  );
  const weights = autoencoder.parameterSpecs.map((spec) => [
    spec.name,
    { shape: spec.shape, values: values[spec.name] },
  ]);
  return jetCodec(description, Object.fromEntries(weights));
}

function parseDescription(bytes: Uint8Array, path: string): CodecDescription {
  let content: Partial<Record<keyof CodecDescription | 'format', unknown>> | null;
  try {
    content = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    throw new UserError(`${path}: is not JSON; export the network anew`);
  }
  const { format, name } = content ?? {};
  if (format !== 1 || typeof name !== 'string' || !/^[\w.-]+$/.test(name)) {
    throw new UserError(`${path}: expected format 1 with the name of a network; export the network anew`);
  }
  const normalisation = parseNormalisation(content?.normalisation, `${path}: normalisation`);
  const metric = parseNormalisation(content?.metric, `${path}: metric`);
  if (normalisation.map((one) => one.name).join() !== metric.map((one) => one.name).join()) {
    throw new UserError(
      `${path}: normalisation and metric have different variables; export the network anew`,
    );
  }
  return { name, layout: parseLayout(content?.layout, `${path}: layout`), normalisation, metric };
}
