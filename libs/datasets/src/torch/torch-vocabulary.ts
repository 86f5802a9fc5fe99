/** The globals that a PyTorch checkpoint of tensors may name, and what they make. */
import type { PickleMachine } from '../pickle/pickle-machine.ts';
import type { PickleValue } from '../pickle/values.ts';
import {
  kindOf,
  PickleDict,
  PickleDtype,
  PickleGlobal,
  PickleStorage,
  PickleTensor,
  PickleTuple,
} from '../pickle/values.ts';
import { globalsByName } from '../pickle/vocabulary.ts';
import type { GlobalRow, Vocabulary } from '../pickle/vocabulary.ts';

const MOST_AXES = 16;

/** NumPy's codes of the numbers that each storage holds. */
const STORAGES: Readonly<Record<string, string>> = {
  'torch.DoubleStorage': 'f8',
  'torch.FloatStorage': 'f4',
  'torch.HalfStorage': 'f2',
  'torch.LongStorage': 'i8',
  'torch.IntStorage': 'i4',
  'torch.ShortStorage': 'i2',
  'torch.CharStorage': 'i1',
  'torch.ByteStorage': 'u1',
  'torch.BoolStorage': 'b1',
};

const ROWS: readonly GlobalRow[] = [
  { names: Object.keys(STORAGES) },
  { names: ['collections.OrderedDict'], call: emptyDict },
  { names: ['torch._utils._rebuild_tensor_v2'], call: tensorFrom },
  { names: ['torch._utils._rebuild_parameter'], call: ofParameter },
];

const GLOBALS = globalsByName(ROWS);

/** What a checkpoint may name. @param storages filled with those that it does, by key */
export function torchVocabulary(storages: Map<string, PickleStorage>): Vocabulary {
  return {
    noun: 'state_dict',
    advice: "save the model's state_dict",
    content: 'tensors',
    globals: GLOBALS,
    setState: (machine, object) => {
      // Attributes of an OrderedDict, the versions of the modules: nothing that the tensors need.
      if (object instanceof PickleDict) return;
      throw machine.error(`state of ${kindOf(object)}, which no state_dict needs`);
    },
    persistent: (machine, id) => {
      const storage = storageFrom(machine, id);
      const earlier = storages.get(storage.key) ?? storage;
      if (earlier.count !== storage.count || earlier.dtype.code !== storage.dtype.code) {
        throw machine.error(`storage ${storage.key} with two types or counts`);
      }
      storages.set(storage.key, earlier);
      return earlier;
    },
  };
}

function emptyDict(machine: PickleMachine, items: readonly PickleValue[]): PickleDict {
  if (items.length > 0) throw machine.error('an OrderedDict of a list, which no state_dict needs');
  return new PickleDict();
}

/** ('storage', type, key, device, numbers); checkpoints before the ZIP form have None after them. */
function storageFrom(machine: PickleMachine, id: PickleValue): PickleStorage {
  const [word, type, key, , count, view] = id instanceof PickleTuple ? id.items : [];
  const code = type instanceof PickleGlobal ? STORAGES[type.name] : undefined;
  const isWhole = view === undefined || view === null;
  if (word !== 'storage' || code === undefined || typeof key !== 'string' || !isCount(count) || !isWhole) {
    throw machine.error('an outside object that is no whole storage of numbers');
  }
  return new PickleStorage(key, new PickleDtype(code), count);
}

/** (storage, offset, sizes, strides, requires_grad, hooks): a view of a storage. */
function tensorFrom(machine: PickleMachine, items: readonly PickleValue[]): PickleTensor {
  const [storage, offset, sizes, strides] = items;
  if (!(storage instanceof PickleStorage) || !isCount(offset))
    throw machine.error('a tensor without a storage');
  const [shape, steps] = [sizes, strides].map((axes) => {
    if (axes instanceof PickleTuple && axes.items.length <= MOST_AXES && axes.items.every(isCount)) {
      return axes.items as readonly number[];
    }
    throw machine.error(
      `sizes or strides of a tensor that are no tuple of at most ${MOST_AXES} whole numbers`,
    );
  });
  if (shape.length !== steps.length)
    throw machine.error(`${shape.length} sizes of a tensor, ${steps.length} strides`);
  return new PickleTensor(storage, offset, shape, steps);
}

/** (tensor, requires_grad, hooks). */
function ofParameter(machine: PickleMachine, [tensor]: readonly PickleValue[]): PickleTensor {
  if (tensor instanceof PickleTensor) return tensor;
  throw machine.error(`a parameter of ${kindOf(tensor)}, expected a tensor`);
}

function isCount(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
