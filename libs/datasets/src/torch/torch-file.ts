/** PyTorch checkpoints in both forms that `torch.save` has had. */
import { readBounded, ZipArchive, ZipError } from '@hep/files';
import { UserError } from '@hep/options';
import { itemBytes } from '../pickle/numpy-values.ts';
import { PickleSource, storeInMemory } from '../pickle/pickle-source.ts';
import { runPickle } from '../pickle/run-pickle.ts';
import { kindOf, PickleDict, PickleList, PickleTensor } from '../pickle/values.ts';
import type { PickleStorage, PickleValue } from '../pickle/values.ts';
import { StorageReader } from './storages.ts';
import type { TorchTensor } from './storages.ts';
import { torchVocabulary } from './torch-vocabulary.ts';

const LARGEST_BYTES = 2 ** 28;
const DEEPEST_DICT = 8;
const MOST_ENTRIES = 2 ** 16;
/** First value of a checkpoint before PyTorch 1.6, and the one form of these that there has been. */
const MAGIC = 0x1950a86a20f9469cfc6cn;
const PROTOCOL = 1001;

/** What a file says: its value, and the bytes of its storages. */
interface Content {
  readonly value: PickleValue;
  readonly isBigEndian: boolean;
  /** Undefined for a storage that is not there. */
  readonly bytesOf: (key: string) => Uint8Array | undefined;
}

/**
 * The tensors of a checkpoint by name; those of a dict within a dict as `model/en1.weight`. Anything else in it, such as
 * learning rates, is left out. Nothing that the file names is looked up or run.
 * @throws UserError with the place where the file is damaged, claims more than it has or names anything but tensors
 */
export async function readTorchTensors(path: string): Promise<ReadonlyMap<string, TorchTensor>> {
  const bytes = await readBounded(path, LARGEST_BYTES);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const content = ZipArchive.isLikely(buffer)
    ? await fromArchive(path, buffer)
    : await fromSequence(path, buffer);
  const { value } = content;
  if (!(value instanceof PickleDict)) {
    throw new UserError(`${path}: holds ${kindOf(value)}, expected a state_dict, or a dict of them`);
  }
  const storages = new StorageReader(path, { ...content, fileBytes: bytes.length });
  const tensors = new Map<string, TorchTensor>();
  let entries = 0;
  const collect = (dict: PickleDict, prefix: string, depth: number): void => {
    for (const [key, entry] of dict.entries) {
      if (++entries > MOST_ENTRIES) throw new UserError(`${path}: more than ${MOST_ENTRIES} entries`);
      const name = `${prefix}${key}`;
      if (entry instanceof PickleTensor) tensors.set(name, storages.tensor(name, entry));
      else if (entry instanceof PickleDict && depth < DEEPEST_DICT) collect(entry, `${name}/`, depth + 1);
    }
  };
  collect(value, '', 0);
  return tensors;
}

/** PyTorch 1.6 and later: a ZIP archive with the pickle `NAME/data.pkl` and the storages `NAME/data/KEY`. */
async function fromArchive(path: string, bytes: Buffer): Promise<Content> {
  const archive = inArchive(path, () => new ZipArchive(bytes));
  const content = (name: string) => inArchive(path, () => archive.content(name, bytes.length));
  const entry = archive.names.find((name) => /^[^/]+\/data\.pkl$/.test(name));
  const program = entry === undefined ? undefined : content(entry);
  if (entry === undefined || program === undefined) {
    throw new UserError(`${path}: a ZIP archive without data.pkl, expected a file of torch.save`);
  }
  const folder = entry.slice(0, entry.indexOf('/'));
  const source = new PickleSource(`${path}, ${entry}`, storeInMemory(program), program.length);
  const value = await runPickle(source, torchVocabulary(new Map()));
  const isBigEndian = content(`${folder}/byteorder`)?.toString('latin1') === 'big';
  return { value, isBigEndian, bytesOf: (key) => content(`${folder}/data/${key}`) };
}

function inArchive<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof ZipError) throw new UserError(`${path}: ${error.message}; copy it anew`);
    throw error;
  }
}

/**
 * Before PyTorch 1.6: pickles of a magic number, the protocol, properties of the machine, the value and the keys of the
 * storages, then for each key the count of its numbers (64 bits) and the numbers.
 */
async function fromSequence(path: string, bytes: Buffer): Promise<Content> {
  const source = new PickleSource(path, storeInMemory(bytes), bytes.length);
  const known = new Map<string, PickleStorage>();
  const next = () => runPickle(source, torchVocabulary(known));
  const isCheckpoint = (await next().catch(() => null)) === MAGIC && (await next()) === PROTOCOL;
  if (!isCheckpoint)
    throw new UserError(`${path}: is no file of torch.save; give a checkpoint with a state_dict`);
  const machine = await next();
  const isBigEndian = machine instanceof PickleDict && machine.entries.get('little_endian') === false;
  const value = await next();
  const keys = await next();
  if (!(keys instanceof PickleList)) throw source.error('no list of storages after the value');
  const parts = new Map(keys.items.map((key) => storagePart(source, known, bytes, key)));
  return { value, isBigEndian, bytesOf: (key) => parts.get(key) };
}

function storagePart(
  source: PickleSource,
  known: ReadonlyMap<string, PickleStorage>,
  bytes: Uint8Array,
  key: PickleValue,
): [string, Uint8Array] {
  const storage = typeof key === 'string' ? known.get(key) : undefined;
  if (storage === undefined) throw source.error('a storage that no tensor has');
  const { count, dtype } = storage;
  const told = source.length64();
  if (told !== count) throw source.error(`${told} numbers of storage ${storage.key}, expected ${count}`);
  const length = count * itemBytes(dtype);
  const start = source.skip(length);
  return [storage.key, bytes.subarray(start, start + length)];
}
