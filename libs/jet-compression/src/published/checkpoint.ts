/** Networks that the ATLAS trigger-level studies published, from files of several kinds. */
import { basename, extname } from 'node:path';
import { NpyError, parseNpyBytes, readBounded, ZipArchive, ZipError } from '@hep/files';
import { readTorchTensors } from '@hep/datasets/torch';
import { UserError } from '@hep/options';
import type { Normalisation } from '../variables/normalisation.ts';
import { customFourMomentum, variableSets } from '../variables/presets.ts';
import { parseCheckpointJson } from './checkpoint-json.ts';
import { layersOf } from './checkpoint-layers.ts';
import type { NamedTensors, PublishedLayers, RowActivation } from './checkpoint-layers.ts';

/** A published network. */
export interface PublishedCheckpoint extends PublishedLayers {
  readonly name: string;
  readonly normalisation: Normalisation;
  /** The same without shifts, in whose units errors are told. */
  readonly metric: Normalisation;
}

/** What PyTorch's files do not say. */
export interface CheckpointHints {
  /** Shifts of m and pt in the custom normalisation of four variables; default none. */
  readonly shifts?: { readonly m: number; readonly pt: number };
  readonly activation?: RowActivation;
}

const LARGEST_BYTES = 64 * 2 ** 20;

/** Extensions of the files that `readCheckpoint` takes. */
export const CHECKPOINT_EXTENSIONS: readonly string[] = ['.json', '.npz', '.pth', '.pt'];

/**
 * Reads a checkpoint: PyTorch's own (`.pth`, both forms of `torch.save`), its arrays (`.npz`), or the JSON form, which also
 * tells its normalisation. Of a dict of state_dicts that called `model` is taken.
 * @throws UserError with the path for anything else
 */
export async function readCheckpoint(
  path: string,
  hints: CheckpointHints = {},
): Promise<PublishedCheckpoint> {
  const extension = extname(path);
  const name = basename(path, extension);
  if (extension === '.json') {
    const { tensors, normalisation } = parseCheckpointJson(path, await readBounded(path, LARGEST_BYTES));
    if (hints.shifts !== undefined)
      throw new UserError(`${path}: tells its shifts itself; leave --shifts away`);
    const layers = layersOf(path, tensors, hints.activation);
    requireVariables(path, layers, normalisation.length);
    return { name, ...layers, normalisation, metric: variableSets['4d'] };
  }
  const tensors = extension === '.npz' ? await arraysOf(path) : modelOf(await readTorchTensors(path));
  const layers = layersOf(path, tensors, hints.activation);
  return { name, ...layers, ...normalisationFor(path, layers.encoder[0].layer.inputs, hints) };
}

function requireVariables(path: string, { encoder }: PublishedLayers, variables: number): void {
  const { inputs } = encoder[0].layer;
  if (inputs !== variables)
    throw new UserError(`${path}: layer 1 reads ${inputs} values, expected ${variables} variables`);
}

/** Tensors of the state_dict `model`, or of the file itself. */
function modelOf(tensors: NamedTensors): NamedTensors {
  const own = [...tensors].filter(([name]) => name.startsWith('model/'));
  return own.length === 0
    ? tensors
    : new Map(own.map(([name, tensor]) => [name.slice('model/'.length), tensor]));
}

/** Arrays `en1_weight` or `en1.weight`. */
async function arraysOf(path: string): Promise<NamedTensors> {
  const bytes = await readBounded(path, LARGEST_BYTES);
  try {
    const archive = new ZipArchive(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    let left = LARGEST_BYTES;
    return new Map(
      archive.names.map((entry) => {
        const name = entry.replace(/\.npy$/, '').replace(/_(weight|bias)$/, '.$1');
        const content = archive.content(entry, left)!;
        left -= content.length;
        return [name, parseNpyBytes(content)];
      }),
    );
  } catch (error) {
    if (error instanceof ZipError || error instanceof NpyError)
      throw new UserError(`${path}: ${error.message}`);
    throw error;
  }
}

function normalisationFor(path: string, variables: number, { shifts }: CheckpointHints) {
  if (variables === 4) return { normalisation: customFourMomentum(shifts), metric: variableSets['4d'] };
  if (shifts !== undefined)
    throw new UserError(
      `${path}: reads ${variables} variables, and only four have shifts; leave --shifts away`,
    );
  const set = [variableSets['27d'], variableSets['25d'], variableSets['19d']].find(
    ({ length }) => length === variables,
  );
  if (set !== undefined) return { normalisation: set, metric: set };
  throw new UserError(`${path}: reads ${variables} variables, expected 4, 27, 25 or 19`);
}
