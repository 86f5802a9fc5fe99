/** The globals that a pickled table may name, and what they make. */
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
import { kindOf, PickleArray, PickleBytes, PickleDtype, PickleFrame, PickleManager } from './values.ts';
import { globalsByName } from './vocabulary.ts';
import type { GlobalRow, Vocabulary } from './vocabulary.ts';

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

/** What a pickled table may name. */
export const TABLE_VOCABULARY: Vocabulary = {
  noun: 'table',
  advice: 'write the table as Parquet or csv',
  content: 'tables of numbers and texts',
  globals: globalsByName(ROWS),
  setState,
};

/** Fills an object with its saved state. */
function setState(machine: PickleMachine, object: PickleValue, state: PickleValue): void {
  if (object instanceof PickleArray) setTextArrayState(machine, object, state);
  else if (object instanceof PickleDtype) setDtypeState(machine, object, state);
  else if (object instanceof PickleFrame) setFrameState(machine, object, state);
  else if (object instanceof PickleManager) setManagerState(machine, object, state);
  else throw machine.error(`state of ${kindOf(object)}, which no table needs`);
}
