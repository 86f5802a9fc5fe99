import { ZipArchive, ZipError } from '@hep/files';
import { UserError } from '@hep/options';
import { Hdf5Error } from './hdf5/bytes.ts';
import { Hdf5File } from './hdf5/file.ts';
import { inFile, storedTensor } from './hdf5/stored-tensor.ts';
import {
  groupKind,
  LAYERS_GROUP,
  OLD_LAYERS_GROUP,
  variablesPath,
  weightNames,
} from './keras-archive-layout.ts';
import type { FunctionalModel, KerasNodeSpec } from './keras-layer.ts';
import type { KerasWeights } from './keras-weights-read.ts';
import type { NamedTensor } from './named-tensor.ts';
import { parseKerasJson } from './parse-keras-json.ts';

/** What a `.keras` archive holds of a network. */
export interface KerasArchive {
  readonly model: FunctionalModel;
  readonly weights: KerasWeights;
}

const MAX_CONFIG_BYTES = 16 * 1024 * 1024;
const DEFAULT_MAX_BYTES = 256 * 1024 * 1024;

/**
 * Reads the bytes of a `.keras` archive of Keras 2.12 to 2.15 or Keras 3; entries are unpacked to `maxBytes` (default
 * 256 MiB) at most.
 * @param path names the file in errors
 * @throws UserError in one line that names file and layer or tensor when it is damaged or no such archive
 */
export function parseKerasArchive(
  bytes: Uint8Array,
  path: string,
  maxBytes = DEFAULT_MAX_BYTES,
): KerasArchive {
  const { config, weights } = unpacked(bytes, path, maxBytes);
  const model = parseKerasJson(new TextDecoder().decode(config), `${path}: config.json`);
  return { model, weights: parseArchiveWeights(weights, path, model) };
}

/** Whether an HDF5 file is laid out as the weights in an archive, as those of Keras 3 (`.weights.h5`) are. */
export function hasArchiveLayout(bytes: Uint8Array, path: string): boolean {
  const file = inFile(path, '', () => new Hdf5File(bytes));
  return inFile(path, '', () => file.texts('', 'layer_names') === undefined && rootOf(file) !== undefined);
}

/** The weights of a model from the bytes of such a file. */
export function parseArchiveWeights(bytes: Uint8Array, path: string, model: FunctionalModel): KerasWeights {
  const file = inFile(path, '', () => new Hdf5File(bytes));
  const group = inFile(path, '', () => rootOf(file));
  if (group === undefined) throw new UserError(`${path}: no weights of layers in it; use another file`);
  return { path, layers: readLayers(file, path, model, group) };
}

function unpacked(bytes: Uint8Array, path: string, maxBytes: number) {
  try {
    const archive = new ZipArchive(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    const entry = (name: string, limit: number) => {
      const content = archive.content(name, limit);
      if (content !== undefined) return content;
      throw new UserError(
        `${path}: no ${name} in the archive; expected what Keras model.save('x.keras') writes`,
      );
    };
    return { config: entry('config.json', MAX_CONFIG_BYTES), weights: entry('model.weights.h5', maxBytes) };
  } catch (error) {
    if (!(error instanceof ZipError)) throw error;
    throw new UserError(`${path}: ${error.message}; use another file, or write it again`);
  }
}

function rootOf(file: Hdf5File): string | undefined {
  return [LAYERS_GROUP, OLD_LAYERS_GROUP].find((name) => file.has(name));
}

/** Weights by layer; those of a nested model under `layer/weight`. */
function readLayers(
  file: Hdf5File,
  path: string,
  model: FunctionalModel,
  group: string,
): Map<string, NamedTensor[]> {
  const groups = inFile(path, `model ${model.name}: `, () => groupsOfLayers(file, model.layers, group));
  return new Map(
    model.layers.map((layer) => {
      const own = groups.get(layer);
      if (own === undefined) return [layer.name, []];
      if (layer.kind === 'model') {
        const inner = readLayers(file, path, layer.model, `${own}/${group.split('/').at(-1)}`);
        return [
          layer.name,
          [...inner].flatMap(([name, tensors]) => tensors.map((t) => ({ ...t, name: `${name}/${t.name}` }))),
        ];
      }
      const tensors = weightNames(layer).map((name, i) => ({
        name,
        ...inFile(path, `tensor ${layer.name}/${name} `, () =>
          storedTensor(file, `${own}/${variablesPath(layer)}/${i}`),
        ),
      }));
      return [layer.name, tensors];
    }),
  );
}

/**
 * Which group belongs to which layer. Keras 3 writes the layer's name into its group; otherwise the n-th group of a
 * kind is the n-th layer of that kind, where old files leave out every other number.
 */
function groupsOfLayers(
  file: Hdf5File,
  layers: readonly KerasNodeSpec[],
  parent: string,
): Map<KerasNodeSpec, string> {
  const names = file.names(parent);
  const result = new Map<KerasNodeSpec, string>();
  for (const kind of new Set(layers.map(groupKind))) {
    const own = layers.filter((layer) => groupKind(layer) === kind);
    const groups = numbered(names, kind).map((name) => `${parent}/${name}`);
    const needed = own.filter((layer) => layer.kind === 'model' || weightNames(layer).length > 0);
    if (needed.length === 0) continue;
    if (groups.length !== own.length) {
      throw new Hdf5Error(
        `${groups.length} groups "${kind}" for ${own.length} layers; these are other weights`,
      );
    }
    const byName = new Map(groups.map((group) => [nameIn(file, group), group]));
    const isNamed = own.every(({ name }) => byName.has(name));
    own.forEach((layer, i) => result.set(layer, isNamed ? byName.get(layer.name)! : groups[i]));
  }
  return result;
}

/** `kind`, `kind_1`, `kind_2`, ... in the order of their numbers. */
function numbered(names: readonly string[], kind: string): string[] {
  const numberOf = (name: string) => (name === kind ? 0 : Number(name.slice(kind.length + 1)));
  return names
    .filter(
      (name) => name === kind || (name.startsWith(`${kind}_`) && /^\d+$/.test(name.slice(kind.length + 1))),
    )
    .sort((a, b) => numberOf(a) - numberOf(b));
}

function nameIn(file: Hdf5File, group: string): string | undefined {
  return file.has(`${group}/vars`) ? file.texts(`${group}/vars`, 'name')?.[0] : undefined;
}
