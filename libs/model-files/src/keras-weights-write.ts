import { createHash } from 'node:crypto';
import h5wasm from 'h5wasm/node';
import { kerasJson, KERAS_VERSION } from './keras-json.ts';
import type { FunctionalModel } from './keras-layer.ts';
import { kerasWeightSlots } from './keras-weight-names.ts';
import { elementsOf, shapeText, type NamedTensor } from './named-tensor.ts';
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
async function kerasFileBytes(
  groups: readonly KerasWeightGroup[],
  architecture?: string,
): Promise<Uint8Array> {
  const { FS } = await h5wasm.ready;
  const memoryName = 'keras-weights.h5';
  const file = new h5wasm.File(memoryName, 'w', { libver: ['earliest', 'v110'] });
  try {
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
  } finally {
    file.close();
  }
  const bytes = FS.readFile(memoryName);
  FS.unlink(memoryName);
  return bytes;
}

type Hdf5Group = InstanceType<typeof h5wasm.Group>;

function writeGroup(file: Hdf5Group, { layer, weights }: KerasWeightGroup): void {
  const group = file.create_group(layer);
  writeNames(
    group,
    'weight_names',
    weights.map((weight) => weight.name),
  );
  for (const { name, shape, values } of weights) {
    if (values.length !== elementsOf(shape)) {
      throw new Error(`${name}: ${values.length} values for shape ${shapeText(shape)}`);
    }
    makeParents(group, name);
    const dataset = group.create_dataset({ name, data: values, shape: [...shape], dtype: '<f4' });
    dataset.create_attribute('sha256', tensorDigest(shape, values), null, 'S64');
  }
}

function makeParents(group: Hdf5Group, name: string): void {
  const parts = name.split('/').slice(0, -1);
  parts.forEach((_, depth) => {
    const parent = parts.slice(0, depth + 1).join('/');
    if (group.get(parent) === null) group.create_group(parent);
  });
}

/** A list of names; Keras writes an empty one as an empty float64 array. */
function writeNames(group: Hdf5Group, attribute: string, names: readonly string[]): void {
  if (names.reduce((bytes, name) => bytes + Buffer.byteLength(name), 0) > MAX_ATTRIBUTE_BYTES) {
    throw new Error(`${attribute}: more names than one HDF5 attribute holds`);
  }
  if (names.length === 0) group.create_attribute(attribute, new Float64Array(0), [0], '<d');
  else group.create_attribute(attribute, [...names]);
}

/** SHA-256 over the shape and the little-endian float32 values, in hexadecimal. */
export function tensorDigest(shape: readonly number[], values: Float32Array): string {
  return createHash('sha256')
    .update(shapeText(shape))
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest('hex');
}
