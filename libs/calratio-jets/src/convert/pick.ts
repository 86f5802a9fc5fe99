import type { Numbers } from '@hep/datasets/columns';
import { wrapAngle } from '../angles.ts';
import type { PlainNumbers } from './events.ts';
import type { Members } from './members.ts';

/** Zeros in the type of other numbers. */
function zerosLike(values: Numbers, count: number): PlainNumbers {
  // The caller copies between arrays of one type, so that 64-bit integers stay such.
  return new (values.constructor as Float64ArrayConstructor)(count);
}

/** The numbers at some places in their type, NaN as zero. */
export function picked(values: Numbers, places: Int32Array): Numbers {
  const found = zerosLike(values, places.length);
  const source = values as PlainNumbers;
  for (let row = 0; row < places.length; row++) found[row] = orZero(source[places[row]]);
  return found;
}

/** A feature of object `index` of each row, NaN and absent objects as zero. */
export function nth(values: Numbers, { limit, counts, members }: Members, index: number): Numbers {
  const found = zerosLike(values, counts.length);
  const source = values as PlainNumbers;
  for (let row = 0; row < counts.length; row++) {
    if (index < counts[row]) found[row] = orZero(source[members[row * limit + index]]);
  }
  return found;
}

/** An angle of object `index` of each row relative to `origin` [rows]; azimuth in [-pi, pi). */
export function relativeNth(
  values: PlainNumbers,
  { limit, counts, members }: Members,
  index: number,
  { origin, angle }: { readonly origin: PlainNumbers; readonly angle: 'eta' | 'phi' },
): Numbers {
  const found =
    values instanceof Float32Array ? zerosLike(values, counts.length) : new Float64Array(counts.length);
  for (let row = 0; row < counts.length; row++) {
    if (index >= counts[row]) continue;
    const difference = values[members[row * limit + index]] - origin[row];
    found[row] = orZero(angle === 'phi' ? wrapAngle(difference) : difference);
  }
  return found;
}

/** 64-bit integers, too, are equal to themselves. */
function orZero(value: number): number {
  return value === value ? value : 0;
}
