/** The fixed table of globals that a file may name, and what they make. Nothing is looked up anywhere else. */
import { arrayFromBuffer, bytesFromText, dtypeFrom, scalarFrom, setDtypeState } from './numpy-values.ts';
import {
  blockFrom,
  indexFrom,
  managerFrom,
  setFrameState,
  setManagerState,
  sliceFrom,
} from './pandas-values.ts';
import { arrowArrayFrom, arrowTypeFrom, chunkedArrayFrom, setTextArrayState } from './string-values.ts';
import type { PickleMachine } from './pickle-machine.ts';
import type { PickleValue } from './values.ts';
import {
  kindOf,
  PickleArray,
  PickleBytes,
  PickleDtype,
  PickleFrame,
  PickleGlobal,
  PickleManager,
} from './values.ts';

/** What a global does when it is called with arguments. */
export type GlobalCall = (machine: PickleMachine, items: readonly PickleValue[]) => PickleValue;

interface GlobalRow {
  /** Names `module.name` over the versions of NumPy and pandas. */
  readonly names: readonly string[];
  /** Missing: the global only stands as an argument. */
  readonly call?: GlobalCall;
  /** What `cls.__new__` makes of it. */
  readonly create?: () => PickleValue;
}

const inNumpy = (name: string) => [`numpy.core.${name}`, `numpy._core.${name}`];

const ROWS: readonly GlobalRow[] = [
  { names: ['numpy.ndarray'] },
  { names: ['numpy.dtype'], call: dtypeFrom },
  { names: inNumpy('multiarray._reconstruct'), call: () => new PickleArray() },
  { names: inNumpy('numeric._frombuffer'), call: arrayFromBuffer },
  { names: inNumpy('multiarray.scalar'), call: scalarFrom },
  { names: ['_codecs.encode'], call: bytesFromText },
  {
    names: ['builtins.bytes', '__builtin__.bytes', 'builtins.bytearray', '__builtin__.bytearray'],
    call: plainBytes,
  },
  { names: ['builtins.slice', '__builtin__.slice'], call: sliceFrom },
  {
    names: [
      'pandas.Index',
      'pandas.RangeIndex',
      'pandas.core.indexes.base.Index',
      'pandas.core.indexes.range.RangeIndex',
      ...['Int64Index', 'UInt64Index', 'Float64Index'].map((name) => `pandas.core.indexes.numeric.${name}`),
    ],
  },
  { names: ['pandas.core.indexes.base._new_Index'], call: indexFrom },
  {
    names: ['pandas._libs.internals._unpickle_block', 'pandas.core.internals.blocks.new_block'],
    call: blockFrom,
  },
  {
    names: ['pandas.core.internals.managers.BlockManager', 'pandas.core.internals.BlockManager'],
    call: managerFrom,
    create: () => new PickleManager(),
  },
  {
    names: ['pandas.arrays.ArrowStringArray', 'pandas.core.arrays.string_arrow.ArrowStringArray'],
    create: () => new PickleArray(),
  },
  { names: ['pandas.arrays.StringArray', 'pandas.core.arrays.string_.StringArray'] },
  { names: ['pandas._libs.arrays.__pyx_unpickle_NDArrayBacked'], call: () => new PickleArray() },
  { names: ['pandas.StringDtype', 'pandas.core.arrays.string_.StringDtype'], call: () => null },
  { names: ['pyarrow.lib.py_buffer'], call: plainBytes },
  { names: ['pyarrow.lib.type_for_alias'], call: arrowTypeFrom },
  { names: ['pyarrow.lib._restore_array'], call: arrowArrayFrom },
  { names: ['pyarrow.lib.chunked_array'], call: chunkedArrayFrom },
  {
    names: ['pandas.core.frame.DataFrame', 'pandas.DataFrame'],
    create: () => new PickleFrame(),
  },
];

function plainBytes(machine: PickleMachine, [bytes]: readonly PickleValue[]): PickleBytes {
  if (bytes === undefined) return new PickleBytes(0, new Uint8Array(0));
  if (bytes instanceof PickleBytes) return bytes;
  throw machine.error(`bytes of ${kindOf(bytes)}`);
}

const GLOBALS: ReadonlyMap<string, GlobalRow> = new Map(
  ROWS.flatMap((row) => row.names.map((name): [string, GlobalRow] => [name, row])),
);

/**
 * The global of a name.
 * @throws UserError that names any other global
 */
export function globalNamed(machine: PickleMachine, module: string, name: string): PickleGlobal {
  const full = `${module}.${name}`;
  if (!GLOBALS.has(full)) {
    throw machine.error(
      `forbidden global ${full}; only tables of numbers and texts are read, never code. Write the table as Parquet or csv`,
    );
  }
  return new PickleGlobal(full);
}

/** What a call of a global gives. */
export function callGlobal(machine: PickleMachine, { name }: PickleGlobal, items: readonly PickleValue[]) {
  const call = GLOBALS.get(name)?.call;
  if (call === undefined) throw machine.error(`${name} is called, which no table needs`);
  return call(machine, items);
}

/** An object of a class as its `__new__` makes it. */
export function createFrom(machine: PickleMachine, { name }: PickleGlobal, items: readonly PickleValue[]) {
  const create = GLOBALS.get(name)?.create;
  if (create === undefined || items.length > 0) {
    throw machine.error(`an object of ${name} with ${items.length} arguments, which no table needs`);
  }
  return create();
}

/** Fills an object with its saved state. */
export function setState(machine: PickleMachine, object: PickleValue, state: PickleValue): void {
  if (object instanceof PickleArray) setTextArrayState(machine, object, state);
  else if (object instanceof PickleDtype) setDtypeState(machine, object, state);
  else if (object instanceof PickleFrame) setFrameState(machine, object, state);
  else if (object instanceof PickleManager) setManagerState(machine, object, state);
  else throw machine.error(`state of ${kindOf(object)}, which no table needs`);
}
