import type { Numbers } from '@hep/datasets/columns';
import { wrapAngle } from '../angles.ts';
import type { PlainNumbers } from './events.ts';
import type { Members } from './members.ts';

/** Which numbers go where: number `from[i]` to place `to[i]` of `count` columns one behind the other, [rows] each. */
export interface Places {
  readonly count: number;
  readonly rows: number;
  readonly from: Int32Array;
  readonly to: Int32Array;
}

/** The objects of all rows, to one column for each of the first, second, ... object. */
export function placesOf({ limit, counts, members }: Members): Places {
  const rows = counts.length;
  const used = counts.reduce((sum, count) => sum + count, 0);
  const [from, to] = [new Int32Array(used), new Int32Array(used)];
  for (let row = 0, next = 0; row < rows; row++) {
    for (let i = 0; i < counts[row]; i++, next++) {
      from[next] = members[row * limit + i];
      to[next] = i * rows + row;
    }
  }
  return { count: limit, rows, from, to };
}

/** Zeros in the type of other numbers. 64-bit integers stay such: they are only copied from array to array. */
function zerosLike(values: Numbers, count: number): PlainNumbers {
  return new (values.constructor as Float64ArrayConstructor)(count);
}

/** The numbers at some places in their type, NaN as zero. */
export function picked(values: Numbers, from: Int32Array): Numbers {
  const found = zerosLike(values, from.length);
  const to = new Int32Array(from.length);
  for (let row = 0; row < to.length; row++) to[row] = row;
  move(values, found, { from, to });
  return found;
}

/** A feature of the first, second, ... object of each row, NaN and absent objects as zero. */
export function gathered(values: Numbers, places: Places): Numbers[] {
  const found = zerosLike(values, places.count * places.rows);
  move(values, found, places);
  return columnsOf(found, places);
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
  places: Places,
  { origin, angle }: { readonly origin: PlainNumbers; readonly angle: 'eta' | 'phi' },
): Numbers[] {
  const { count, rows, from, to } = places;
  const found =
    source instanceof Float32Array ? new Float32Array(count * rows) : new Float64Array(count * rows);
  const isAzimuth = angle === 'phi';
  for (let i = 0; i < from.length; i++) {
    const difference = source[from[i]] - origin[to[i] % rows];
    const value = isAzimuth ? wrapAngle(difference) : difference;
    found[to[i]] = value === value ? value : 0;
  }
  return columnsOf(found, places);
}

function columnsOf(values: PlainNumbers, { count, rows }: Places): Numbers[] {
  return Array.from({ length: count }, (_, index) => values.subarray(index * rows, (index + 1) * rows));
}

/** Moves numbers of one type; a loop for each of the usual types, since one for all makes an object of every number. */
function move(source: Numbers, target: Numbers, { from, to }: Pick<Places, 'from' | 'to'>): void {
  if (source instanceof Float64Array) moveFloat64(source, target as Float64Array, from, to);
  else if (source instanceof Float32Array) moveFloat32(source, target as Float32Array, from, to);
  else moveIntegers(source as Int32Array, target as Int32Array, from, to);
}

function moveFloat64(source: Float64Array, target: Float64Array, from: Int32Array, to: Int32Array): void {
  for (let i = 0; i < from.length; i++) {
    const value = source[from[i]];
    target[to[i]] = value === value ? value : 0;
  }
}

function moveFloat32(source: Float32Array, target: Float32Array, from: Int32Array, to: Int32Array): void {
  for (let i = 0; i < from.length; i++) {
    const value = source[from[i]];
    target[to[i]] = value === value ? value : 0;
  }
}

/** Integers of any size. */
function moveIntegers(source: Int32Array, target: Int32Array, from: Int32Array, to: Int32Array): void {
  for (let i = 0; i < from.length; i++) target[to[i]] = source[from[i]];
}
