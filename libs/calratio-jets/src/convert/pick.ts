import type { Numbers } from '@hep/datasets/columns';
import { wrapAngle } from '../angles.ts';
import type { PlainNumbers } from './events.ts';
import type { Members } from './members.ts';

/** Zeros in the type of other numbers. 64-bit integers stay such: they are only copied from array to array. */
function zerosLike(values: Numbers, count: number): PlainNumbers {
  return new (values.constructor as Float64ArrayConstructor)(count);
}

/** The numbers at some places in their type, NaN as zero. */
export function picked(values: Numbers, places: Int32Array): Numbers {
  const found = zerosLike(values, places.length);
  const source = values as PlainNumbers;
  for (let row = 0; row < places.length; row++) found[row] = orZero(source[places[row]]);
  return found;
}

/** A feature of the first, second, ... object of each row, NaN and absent objects as zero. */
export function gathered(values: Numbers, { limit, counts, members }: Members): Numbers[] {
  const rows = counts.length;
  const source = values as PlainNumbers;
  const found = zerosLike(values, limit * rows);
  for (let row = 0; row < rows; row++) {
    const start = row * limit;
    for (let i = 0; i < counts[row]; i++) found[i * rows + row] = orZero(source[members[start + i]]);
  }
  return columnsOf(found, limit, rows);
}

/** A feature of the first object of each row, zero where there is none. */
export function ofFirst(values: Numbers, { limit, counts, members }: Members): Numbers {
  const found = zerosLike(values, counts.length);
  const source = values as PlainNumbers;
  for (let row = 0; row < counts.length; row++) {
    if (counts[row] > 0) found[row] = source[members[row * limit]];
  }
  return found;
}

/** As `gathered`, an angle relative to `origin` [rows]; azimuth in [-pi, pi). */
export function gatheredRelative(
  source: PlainNumbers,
  { limit, counts, members }: Members,
  { origin, angle }: { readonly origin: PlainNumbers; readonly angle: 'eta' | 'phi' },
): Numbers[] {
  const rows = counts.length;
  const found =
    source instanceof Float32Array ? zerosLike(source, limit * rows) : new Float64Array(limit * rows);
  const isAzimuth = angle === 'phi';
  for (let row = 0; row < rows; row++) {
    const start = row * limit;
    for (let i = 0; i < counts[row]; i++) {
      const difference = source[members[start + i]] - origin[row];
      found[i * rows + row] = orZero(isAzimuth ? wrapAngle(difference) : difference);
    }
  }
  return columnsOf(found, limit, rows);
}

function columnsOf(values: PlainNumbers, count: number, rows: number): Numbers[] {
  return Array.from({ length: count }, (_, index) => values.subarray(index * rows, (index + 1) * rows));
}

/** Integers of 64 bits, too, are equal to themselves. */
function orZero(value: number): number {
  return value === value ? value : 0;
}
