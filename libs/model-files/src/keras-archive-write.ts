import { atomicWrite, zipArchive } from '@hep/files';
import { hdf5Bytes, makeGroup, writeTensor, type Hdf5Group } from './hdf5/write.ts';
import { groupNames, LAYERS_GROUP, variablesPath, weightNames } from './keras-archive-layout.ts';
import { kerasJson, KERAS_VERSION } from './keras-json.ts';
import type { FunctionalModel } from './keras-layer.ts';
import type { NamedTensor } from './named-tensor.ts';

/**
 * Writes a `.keras` archive that Keras 2.15 and Keras 3 both load (`keras.models.load_model`).
 * Parameters are named `[sub-model/]layer/weight`, after `scope` where they are a part of a larger model.
 * Throws `Error` when one is missing.
 */
export async function writeKerasArchive(
  path: string,
  model: FunctionalModel,
  parameters: Iterable<NamedTensor>,
  scope = '',
): Promise<void> {
  await atomicWrite(path, await kerasArchiveBytes(model, parameters, scope));
}

/** The bytes of that archive. */
export async function kerasArchiveBytes(
  model: FunctionalModel,
  parameters: Iterable<NamedTensor>,
  scope = '',
): Promise<Uint8Array> {
  const tensors = new Map([...parameters].map((tensor) => [tensor.name, tensor]));
  const weights = await hdf5Bytes((file) => writeLayers(file, model, tensors, scope));
  return zipArchive({
    'metadata.json': Buffer.from(JSON.stringify({ keras_version: KERAS_VERSION })),
    'config.json': Buffer.from(kerasJson(model, 'archive')),
    'model.weights.h5': weights,
  });
}

function writeLayers(
  parent: Hdf5Group,
  model: FunctionalModel,
  tensors: ReadonlyMap<string, NamedTensor>,
  scope: string,
): void {
  const prefix = scope === '' ? '' : `${scope}/`;
  makeGroup(parent, 'vars');
  const names = groupNames(model);
  model.layers.forEach((layer, position) => {
    const group = makeGroup(parent, `${LAYERS_GROUP}/${names[position]}`);
    makeGroup(group, 'vars').create_attribute('name', layer.name);
    if (layer.kind === 'model') return writeLayers(group, layer.model, tensors, `${prefix}${layer.name}`);
    weightNames(layer).forEach((weight, i) => {
      const tensor = tensors.get(`${prefix}${layer.name}/${weight}`);
      if (!tensor) throw new Error(`model ${model.name} has no parameter ${prefix}${layer.name}/${weight}`);
      writeTensor(group, { ...tensor, name: `${variablesPath(layer)}/${i}` });
    });
  });
}
