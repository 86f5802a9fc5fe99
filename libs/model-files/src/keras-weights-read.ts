import { readBounded } from '@hep/files';
import { UserError } from '@hep/options';
import { Hdf5File } from './hdf5/file.ts';
import { inFile, storedTensor } from './hdf5/stored-tensor.ts';
import type { NamedTensor } from './named-tensor.ts';

/** Weights of a file by top-level layer. */
export interface KerasWeights {
  /** Where they were read, for messages. */
  readonly path: string;
  /**
   * Layer or nested model -> its weights in stored order, under their Keras names without `:0`
   * (`conv2d/kernel`). Layers without weights are present with an empty list.
   */
  readonly layers: ReadonlyMap<string, readonly NamedTensor[]>;
}

/** Weights of a trigger network are kilobytes; this leaves room for much larger ones. */
const DEFAULT_MAX_BYTES = 256 * 1024 * 1024;

/**
 * Reads a weight file of Keras 2 (`save_weights`) or the weights of a whole Keras 2 model file (`model.save`).
 * Only files up to `maxBytes` (default 256 MiB) are opened, and never more than twice their size is used.
 *
 * Throws a one-line `UserError` that names the file and the tensor when it is missing, truncated, damaged, no HDF5
 * or not in the layout of Keras 2. A changed byte in the values is noticed in files that `writeKerasWeights` wrote.
 */
export async function readKerasWeights(path: string, maxBytes = DEFAULT_MAX_BYTES): Promise<KerasWeights> {
  return parseKerasWeights(await readBounded(path, maxBytes), path);
}

/** The same from the bytes of a file; `path` names it in errors. */
export function parseKerasWeights(content: Uint8Array, path: string): KerasWeights {
  const file = inFile(path, '', () => new Hdf5File(content));
  const root = inFile(path, '', () => (file.has('model_weights') ? 'model_weights' : ''));
  const names = inFile(path, '', () => namesAt(file, root, 'layer_names'));
  if (!names) {
    const isKeras3 = inFile(path, '', () => file.has('_layer_checkpoint_dependencies') || file.has('layers'));
    throw new UserError(
      `${path}: ${isKeras3 ? 'weights in the layout of Keras 3' : 'no Keras weights (no layer_names)'}; ` +
        `expected what Keras 2 save_weights('x.hdf5') writes`,
    );
  }
  const prefix = root === '' ? '' : `${root}/`;
  const layers = new Map<string, NamedTensor[]>();
  for (const layer of names) layers.set(layer, readLayer(file, path, `${prefix}${layer}`, layer));
  return { path, layers };
}

function readLayer(file: Hdf5File, path: string, group: string, layer: string): NamedTensor[] {
  const names = inFile(path, `layer ${layer} `, () => namesAt(file, group, 'weight_names'));
  if (!names) throw new UserError(`${path}: layer ${layer} has no list of weights (weight_names)`);
  return names.map((name) => {
    const tensor = name.replace(/:\d+$/, '');
    const read = () => storedTensor(file, `${group}/${name}`);
    return { name: tensor, ...inFile(path, `tensor ${layer}/${tensor} `, read) };
  });
}

/** Long lists are split by Keras into `name0`, `name1`, ... */
function namesAt(file: Hdf5File, group: string, attribute: string): string[] | undefined {
  const whole = file.texts(group, attribute);
  if (whole) return whole;
  const parts: string[] = [];
  for (let chunk = 0; ; chunk++) {
    const part = file.texts(group, `${attribute}${chunk}`);
    if (!part) return chunk === 0 ? undefined : parts;
    parts.push(...part);
  }
}
