import { join } from 'node:path';
import type { NetworkModel, Weights } from '@hep/nn';
import { writeFdeep } from './fdeep/write.ts';
import { writeOnnx } from './inference-files.ts';
import { writeKerasArchive } from './keras-archive-write.ts';
import { networkPaths, writeKerasModel } from './model-artefacts.ts';
import { modelFromNetwork } from './model-from-network.ts';

/**
 * Kinds of files of a network: `keras` archive, `hdf5` weights with their architecture JSON, `onnx`, and JSON of
 * frugally-deep up to v0.15 (`fdeep`) and from v0.16 on (`fdeep-keras3`).
 */
export const NETWORK_FILES = ['keras', 'hdf5', 'onnx', 'fdeep', 'fdeep-keras3'] as const;

/** One of these. */
export type NetworkFileKind = (typeof NETWORK_FILES)[number];

/**
 * Writes `stem.keras`, `stem.json` with `stem.hdf5`, `stem.onnx`, `stem.fdeep.json`, `stem.fdeep-keras3.json`; operands
 * of ONNX have the names of the network's inputs and outputs.
 * @param weights at least those of the network
 * @returns the paths written
 * @throws UserError when a file cannot be written, or frugally-deep does not have a layer
 */
export async function writeNetworkFiles(
  folder: string,
  stem: string,
  model: NetworkModel,
  weights: Weights,
  kinds: readonly NetworkFileKind[] = NETWORK_FILES,
): Promise<string[]> {
  const own = Object.fromEntries(model.parameterSpecs.map(({ name }) => [name, weights[name]]));
  const write: Readonly<Record<NetworkFileKind, () => Promise<string[]>>> = {
    keras: () => archive(join(folder, `${stem}.keras`), model, own),
    hdf5: () => jsonAndHdf5(folder, stem, model, own),
    onnx: async () => {
      const { onnx } = networkPaths(folder, stem);
      await writeOnnx(onnx, model, own, { inputs: {}, outputs: {} });
      return [onnx];
    },
    fdeep: () => fdeep(join(folder, `${stem}.fdeep.json`), model, own, 'keras2'),
    'fdeep-keras3': () => fdeep(join(folder, `${stem}.fdeep-keras3.json`), model, own, 'keras3'),
  };
  const paths: string[] = [];
  for (const kind of kinds) paths.push(...(await write[kind]()));
  return paths;
}

const tensorsOf = (weights: Weights) =>
  Object.entries(weights).map(([name, tensor]) => ({ name, ...tensor }));

async function archive(path: string, { network }: NetworkModel, weights: Weights): Promise<string[]> {
  await writeKerasArchive(path, modelFromNetwork(network), tensorsOf(weights));
  return [path];
}

async function jsonAndHdf5(folder: string, stem: string, { network }: NetworkModel, weights: Weights) {
  const { json, hdf5 } = await writeKerasModel(folder, stem, modelFromNetwork(network), tensorsOf(weights));
  return [json, hdf5];
}

async function fdeep(path: string, model: NetworkModel, weights: Weights, form: 'keras2' | 'keras3') {
  await writeFdeep(path, model, weights, { form });
  return [path];
}
