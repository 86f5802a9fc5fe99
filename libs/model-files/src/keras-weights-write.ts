import { kerasJson, KERAS_VERSION } from './keras-json.ts';
import type { FunctionalModel } from './keras-layer.ts';
import { kerasWeightSlots } from './keras-weight-names.ts';
import { hdf5Bytes, makeGroup, writeTensor, type Hdf5Group } from './hdf5/write.ts';
import type { NamedTensor } from './named-tensor.ts';
import { atomicWrite } from '@hep/files';

/** Weights of one top-level layer; `weights` carry their Keras names, for example `conv2d/kernel:0`. */
export interface KerasWeightGroup {
  readonly layer: string;
  readonly weights: readonly NamedTensor[];
}

/** Attribute limit of HDF5; Keras splits longer lists, the networks here never reach it. */
const MAX_ATTRIBUTE_BYTES = 64_000;

/**
 * Sorts parameters into the groups of a Keras weight file: every layer of the model in order, also those without
 * weights. Parameters are named `[sub-model/]layer/weight` relative to `model`; with `scope` (for example
 * `'encoder'`) that prefix is taken off first and parameters outside it are left out.
 * Throws `Error` when one is missing, or when one of the scope is not used.
 */
export function kerasWeightGroups(
  model: FunctionalModel,
  parameters: Iterable<NamedTensor>,
  scope = '',
): KerasWeightGroup[] {
  const prefix = scope === '' ? '' : `${scope}/`;
  const unused = new Map<string, NamedTensor>();
  for (const tensor of parameters) {
    if (tensor.name.startsWith(prefix)) unused.set(tensor.name.slice(prefix.length), tensor);
  }
  const groups = model.layers.map((layer) => ({
    layer: layer.name,
    weights: kerasWeightSlots(layer).map((slot) => {
      const name = `${layer.name}/${slot.name}`;
      const tensor = unused.get(name);
      if (!tensor) throw new Error(`model ${model.name} has no parameter ${prefix}${name}`);
      unused.delete(name);
      return { ...tensor, name: slot.kerasName };
    }),
  }));
  const [left] = unused.keys();
  if (left !== undefined)
    throw new Error(`parameter ${prefix}${left} belongs to no layer of model ${model.name}`);
  return groups;
}

/**
 * Writes a Keras 2 weight file (`model.save_weights('x.hdf5')`), which `load_weights` of Keras 2.15 and Keras 3 both
 * read. Each array also carries its SHA-256, so that `readKerasWeights` notices a changed byte. The file appears at
 * once (temporary name, then rename).
 */
export async function writeKerasWeights(path: string, groups: readonly KerasWeightGroup[]): Promise<void> {
  await atomicWrite(path, await kerasFileBytes(groups));
}

/**
 * Writes a whole Keras 2 model (`model.save('x.h5')`): architecture and weights in one file, which `load_model` of
 * Keras 2.15 reads. Otherwise as `writeKerasWeights`.
 */
export async function writeKerasModelFile(
  path: string,
  model: FunctionalModel,
  groups: readonly KerasWeightGroup[],
): Promise<void> {
  await atomicWrite(path, await kerasFileBytes(groups, kerasJson(model)));
}

/** With an architecture the weights are in a group of their own. */
function kerasFileBytes(groups: readonly KerasWeightGroup[], architecture?: string): Promise<Uint8Array> {
  return hdf5Bytes((file) => {
    if (architecture !== undefined) {
      file.create_attribute('model_config', architecture);
      file.create_attribute('backend', 'tensorflow');
      file.create_attribute('keras_version', KERAS_VERSION);
    }
    const root = architecture === undefined ? file : file.create_group('model_weights');
    writeNames(
      root,
      'layer_names',
      groups.map((group) => group.layer),
    );
    root.create_attribute('backend', 'tensorflow');
    root.create_attribute('keras_version', KERAS_VERSION);
    for (const group of groups) writeGroup(root, group);
    writeNames(root.create_group('top_level_model_weights'), 'weight_names', []);
  });
}

function writeGroup(file: Hdf5Group, { layer, weights }: KerasWeightGroup): void {
  const group = makeGroup(file, layer);
  writeNames(
    group,
    'weight_names',
    weights.map((weight) => weight.name),
  );
  for (const tensor of weights) writeTensor(group, tensor);
}

/** A list of names; Keras writes an empty one as an empty float64 array. */
function writeNames(group: Hdf5Group, attribute: string, names: readonly string[]): void {
  if (names.reduce((bytes, name) => bytes + Buffer.byteLength(name), 0) > MAX_ATTRIBUTE_BYTES) {
    throw new Error(`${attribute}: more names than one HDF5 attribute holds`);
  }
  if (names.length === 0) group.create_attribute(attribute, new Float64Array(0), [0], '<d');
  else group.create_attribute(attribute, [...names]);
}
