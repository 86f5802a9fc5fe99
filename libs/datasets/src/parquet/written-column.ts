/** How a column is described in a Parquet file, and its values as pages hold them. */
import type { Column } from '../columns/column.ts';
import type { NumberType } from '../columns/number-types.ts';
import type { Written } from './thrift-write.ts';
import { i32, struct, text } from './thrift-write.ts';

interface Storage {
  /** Parquet's number of the physical type. */
  readonly physical: number;
  /** Parquet's number of the annotation. */
  readonly converted?: number;
}

const STORAGE: Readonly<Record<NumberType | 'text', Storage>> = {
  bool: { physical: 0 },
  int8: { physical: 1, converted: 15 },
  int16: { physical: 1, converted: 16 },
  int32: { physical: 1 },
  uint8: { physical: 1, converted: 11 },
  uint16: { physical: 1, converted: 12 },
  uint32: { physical: 1, converted: 13 },
  int64: { physical: 2 },
  uint64: { physical: 2, converted: 14 },
  float32: { physical: 4 },
  float64: { physical: 5 },
  text: { physical: 6, converted: 0 },
};
const [REQUIRED, REPEATED] = [0, 2];
const LIST = 3;

/** A column to be written. */
export interface WrittenColumn {
  readonly name: string;
  readonly value: NumberType | 'text';
  /** Lists around a value. */
  readonly depth: number;
  readonly physical: number;
  /** Names from the column down to its values. */
  readonly path: readonly string[];
  /** Elements of the schema, in the order of the tree. */
  readonly schema: readonly Written[];
}

/**
 * A column of a type as in `ColumnFile.types`; fixed counts are written as lists.
 * @throws Error for another type
 */
export function writtenColumn(name: string, type: string): WrittenColumn {
  const [, value, lists] = /^(\w+)((?:\[\d*\])*)$/.exec(type) ?? [];
  const storage = STORAGE[value as NumberType] as Storage | undefined;
  if (storage === undefined) throw new Error(`column ${name} of type ${type} cannot be written`);
  const depth = lists.split('[').length - 1;
  const schema: Written[] = [];
  const path: string[] = [];
  for (let level = 0; level < depth; level++) {
    const own = level === 0 ? name : 'element';
    schema.push(struct({ 3: i32(REQUIRED), 4: text(own), 5: i32(1), 6: i32(LIST) }));
    schema.push(struct({ 3: i32(REPEATED), 4: text('list'), 5: i32(1) }));
    path.push(own, 'list');
  }
  const last = depth === 0 ? name : 'element';
  const { physical, converted } = storage;
  const annotation = converted === undefined ? undefined : i32(converted);
  schema.push(struct({ 1: i32(physical), 3: i32(REQUIRED), 4: text(last), 6: annotation }));
  return { name, value: value as NumberType, depth, physical, path: [...path, last], schema };
}

/** Values [first, end) in Parquet's plain encoding. */
export function plainBytes({ value }: WrittenColumn, column: Column, first: number, end: number): Uint8Array {
  if (column.kind === 'text') return plainTexts(column.values.slice(first, end));
  if (column.kind === 'jagged') throw new Error('the content of a list is expected');
  const part = column.values.subarray(first, end);
  if (value === 'bool') return packedBits(part as Uint8Array);
  const wide = { int8: Int32Array, int16: Int32Array, uint8: Uint32Array, uint16: Uint32Array }[
    value as 'int8'
  ];
  const stored = wide === undefined ? part : new wide(part as Int8Array);
  return new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength);
}

function packedBits(values: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(values.length / 8));
  for (let i = 0; i < values.length; i++) if (values[i] !== 0) bytes[i >> 3] |= 1 << (i & 7);
  return bytes;
}

function plainTexts(values: readonly string[]): Uint8Array {
  const lengths = values.map((value) => Buffer.byteLength(value));
  const bytes = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + length + 4, 0));
  let position = 0;
  values.forEach((value, i) => {
    position = bytes.writeUInt32LE(lengths[i], position);
    position += bytes.write(value, position);
  });
  return bytes;
}
