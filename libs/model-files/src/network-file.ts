import { readBounded, ZipArchive } from '@hep/files';
import { UserError } from '@hep/options';
import { networkFromFdeep } from './fdeep/read.ts';
import { Hdf5File } from './hdf5/file.ts';
import { inFile } from './hdf5/stored-tensor.ts';
import { hasArchiveLayout, parseArchiveWeights, parseKerasArchive } from './keras-archive-read.ts';
import type { FunctionalModel, JsonValue } from './keras-layer.ts';
import { parseKerasWeights } from './keras-weights-read.ts';
import type { KerasWeights } from './keras-weights-read.ts';
import { parseArchitecture, parseJson, parseKerasJson, readKerasJson } from './parse-keras-json.ts';
import { networkWithWeights } from './read-network.ts';
import type { ReadNetwork } from './read-network.ts';

const MAX_BYTES = 256 * 1024 * 1024;

/**
 * Reads a network from one file, whose content tells its kind whatever its name: a `.keras` archive, a whole Keras 2
 * model in HDF5, a frugally-deep JSON; or an architecture JSON together with HDF5 weights.
 * @throws UserError that names file and layer or tensor when something is missing, left over or not supported
 */
export async function readNetworkFile(path: string, weights?: string): Promise<ReadNetwork> {
  if (weights !== undefined) return readKerasNetwork(path, weights);
  const bytes = await readBounded(path, MAX_BYTES);
  if (ZipArchive.isLikely(bytes)) {
    const archive = parseKerasArchive(bytes, path);
    return networkWithWeights(path, archive.model, archive.weights);
  }
  if (Hdf5File.isLikely(bytes)) return wholeModel(bytes, path);
  const json = parseJson(new TextDecoder().decode(bytes), path);
  if (isObject(json) && json['trainable_params'] !== undefined) return networkFromFdeep(json, path);
  parseArchitecture(json, path);
  throw new UserError(`${path}: an architecture without weights; give the HDF5 file of its weights, too`);
}

/**
 * Reads the architecture alone from any of these files, or from a JSON without weights.
 * @throws UserError as `readNetworkFile`
 */
export async function readArchitecture(path: string): Promise<FunctionalModel> {
  const bytes = await readBounded(path, MAX_BYTES);
  if (ZipArchive.isLikely(bytes)) return parseKerasArchive(bytes, path).model;
  if (Hdf5File.isLikely(bytes)) return parseKerasJson(configOf(bytes, path), path);
  const json = parseJson(new TextDecoder().decode(bytes), path);
  return parseArchitecture((isObject(json) ? json['architecture'] : undefined) ?? json, path);
}

/**
 * Reads a network as Keras or QKeras wrote it: architecture JSON, in any of its spellings, and HDF5 weights of Keras 2
 * or 3.
 * @throws UserError that names file and layer or tensor when something is missing, left over or not supported
 */
export async function readKerasNetwork(json: string, hdf5: string): Promise<ReadNetwork> {
  const description = await readKerasJson(json);
  return networkWithWeights(
    json,
    description,
    weightsFor(description, await readBounded(hdf5, MAX_BYTES), hdf5),
  );
}

function weightsFor(description: FunctionalModel, bytes: Uint8Array, path: string): KerasWeights {
  return hasArchiveLayout(bytes, path)
    ? parseArchiveWeights(bytes, path, description)
    : parseKerasWeights(bytes, path);
}

function wholeModel(bytes: Uint8Array, path: string): ReadNetwork {
  return networkWithWeights(
    path,
    parseKerasJson(configOf(bytes, path), path),
    parseKerasWeights(bytes, path),
  );
}

function configOf(bytes: Uint8Array, path: string): string {
  const config = inFile(path, '', () => new Hdf5File(bytes).texts('', 'model_config')?.[0]);
  if (config !== undefined) return config;
  throw new UserError(`${path}: weights without their architecture; give its JSON file, too`);
}

function isObject(json: JsonValue): json is { readonly [key: string]: JsonValue } {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}
