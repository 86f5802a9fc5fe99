/** What a pickle of a pandas table or of tensors can hold. Plain data: no value has behaviour that a file could choose. */

/** Bytes in memory, or a stretch of the file that is read when they are wanted. */
export class PickleBytes {
  constructor(
    readonly length: number,
    readonly source: Uint8Array | { readonly offset: number },
  ) {}
}

/** A text too long to be a name: a stretch of the file, which only `_codecs.encode` takes. */
export class LongText {
  constructor(
    readonly length: number,
    readonly offset: number,
  ) {}
}

/** A tuple. */
export class PickleTuple {
  constructor(readonly items: readonly PickleValue[]) {}
}

/** A list. */
export class PickleList {
  readonly items: PickleValue[] = [];
}

/** A dict; only entries with texts as keys are kept, for no table needs others. */
export class PickleDict {
  readonly entries = new Map<string, PickleValue>();
}

/** One of the allowed globals, by its name `module.name`. */
export class PickleGlobal {
  constructor(readonly name: string) {}
}

/** A NumPy data type: kind and size as in `f8`, and the byte order. */
export class PickleDtype {
  isBigEndian = false;
  constructor(readonly code: string) {}
}

/** A NumPy array; `items` for objects, otherwise `bytes`. */
export class PickleArray {
  shape: readonly number[] = [0];
  dtype = new PickleDtype('i1');
  isFortran = false;
  bytes = new PickleBytes(0, new Uint8Array(0));
  items: readonly PickleValue[] | undefined;
}

/** Python's `slice`. */
export class PickleSlice {
  constructor(
    readonly start: number,
    readonly stop: number,
    readonly step: number,
  ) {}
}

/** Labels of an axis: an array, or equidistant numbers. */
export class PickleIndex {
  constructor(readonly labels: PickleArray | PickleSlice) {}
}

/** Columns of one type: `values` [columns, rows], `places` their positions in the table. */
export class PickleBlock {
  constructor(
    readonly values: PickleArray,
    readonly places: PickleArray | PickleSlice,
  ) {}
}

/** pandas' BlockManager: the columns of a table, by type. */
export class PickleManager {
  blocks: readonly PickleBlock[] = [];
  axes: readonly PickleIndex[] = [];
}

/** A DataFrame. */
export class PickleFrame {
  manager: PickleManager | undefined;
}

/** Numbers of a PyTorch checkpoint, which lie outside of its pickle. */
export class PickleStorage {
  constructor(
    readonly key: string,
    readonly dtype: PickleDtype,
    readonly count: number,
  ) {}
}

/** A view of a storage: element [i, j, ...] is number `offset + i strides[0] + j strides[1] + ...`. */
export class PickleTensor {
  constructor(
    readonly storage: PickleStorage,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {}
}

/** Any value on the stack of the machine. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | PickleBytes
  | LongText
  | PickleTuple
  | PickleList
  | PickleDict
  | PickleGlobal
  | PickleDtype
  | PickleArray
  | PickleSlice
  | PickleIndex
  | PickleBlock
  | PickleManager
  | PickleFrame
  | PickleStorage
  | PickleTensor;

/** Kind of a value for messages; never looks inside, so that values which hold themselves do no harm. */
export function kindOf(value: PickleValue | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'None';
  if (value instanceof PickleGlobal) return value.name;
  if (typeof value !== 'object') return typeof value === 'string' ? 'a text' : `a ${typeof value}`;
  const kinds: readonly [new (...args: never[]) => object, string][] = [
    [PickleBytes, 'bytes'],
    [LongText, 'a long text'],
    [PickleTuple, 'a tuple'],
    [PickleList, 'a list'],
    [PickleDict, 'a dict'],
    [PickleDtype, 'a dtype'],
    [PickleArray, 'an array'],
    [PickleSlice, 'a slice'],
    [PickleIndex, 'an Index'],
    [PickleBlock, 'a block'],
    [PickleManager, 'a BlockManager'],
    [PickleFrame, 'a DataFrame'],
    [PickleStorage, 'a storage'],
    [PickleTensor, 'a tensor'],
  ];
  return kinds.find(([kind]) => value instanceof kind)?.[1] ?? 'a value';
}
