/** From stored bytes to numbers, and what stands for numbers that are missing. */
import type { FlatColumn } from '../columns/column.ts';
import type { NumberType } from '../columns/number-types.ts';
import { emptyNumbers, numbersOver } from '../columns/number-types.ts';
import { Damage } from '../damage.ts';
import type { Leaf } from './schema.ts';

/** Bytes that stand for a missing number; undefined for types without NaN. */
export function missingValue({ value }: Leaf): Uint8Array | undefined {
  if (value === 'float32') return new Uint8Array(Float32Array.of(NaN).buffer);
  return value === 'float64' ? new Uint8Array(Float64Array.of(NaN).buffer) : undefined;
}

/** Numbers of the column's type over stored bytes; narrow integers are stored in four bytes. */
export function numbersOfPhysical(leaf: Leaf, bytes: Uint8Array<ArrayBuffer>): FlatColumn['values'] {
  const type = leaf.value as NumberType;
  if (leaf.physical !== 'int32' || type === 'int32' || type === 'uint32') return numbersOver(type, bytes);
  const wide = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const narrow = emptyNumbers(type, wide.length);
  (narrow as Int8Array).set(wide);
  return narrow;
}

/** A gap in row `row` of the row group, in a column that cannot have one. */
export function noValue({ value }: Leaf, row: number): Damage {
  return new Damage(`no value, expected one of type ${value}; fill the gaps or leave the column out`, row);
}
