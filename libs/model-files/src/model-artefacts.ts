import { join } from 'node:path';
import { kerasJson, type KerasForm } from './keras-json.ts';
import type { FunctionalModel } from './keras-layer.ts';
import { kerasWeightGroups, writeKerasWeights } from './keras-weights-write.ts';
import type { NamedTensor } from './named-tensor.ts';
import { atomicWrite } from '@hep/files';

/** Paths of the files of one network in its model directory. */
export interface NetworkPaths {
  readonly json: string;
  readonly hdf5: string;
  readonly pb: string;
  readonly pbAscii: string;
  readonly onnx: string;
}

/** `directory/stem.json`, `.hdf5`, `.pb`, `.pb.ascii`, `.onnx`; stems are `name`, `encoder_name`, `decoder_name`. */
export function networkPaths(directory: string, stem: string): NetworkPaths {
  const at = (ending: string) => join(directory, `${stem}.${ending}`);
  return { json: at('json'), hdf5: at('hdf5'), pb: at('pb'), pbAscii: at('pb.ascii'), onnx: at('onnx') };
}

/**
 * Writes `stem.json` and `stem.hdf5` of a network. `scope` is the prefix of its parameter names when it is a part of
 * a larger model (`'encoder'`).
 */
export async function writeKerasModel(
  directory: string,
  stem: string,
  model: FunctionalModel,
  parameters: Iterable<NamedTensor>,
  scope = '',
  form: KerasForm = 'portable',
): Promise<NetworkPaths> {
  const paths = networkPaths(directory, stem);
  await writeKerasWeights(paths.hdf5, kerasWeightGroups(model, parameters, scope));
  await atomicWrite(paths.json, kerasJson(model, form));
  return paths;
}
