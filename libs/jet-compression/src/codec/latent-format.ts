/** How latent vectors are stored: as float32, float16 or whole numbers of few bits. */
import { numberOfHalf } from '@hep/datasets/columns';
import { UserError } from '@hep/options';
import { halfBits } from '../baselines/short-floats.ts';

/** Smallest and largest value of a latent variable. */
export interface LatentRange {
  readonly min: number;
  readonly max: number;
}

/** `uniform`: equal steps between the ends of a range, one range for each latent variable. */
export type LatentFormat =
  | { readonly kind: 'float32' }
  | { readonly kind: 'float16' }
  | { readonly kind: 'uniform'; readonly bits: number; readonly ranges: readonly LatentRange[] };

/** Most bits of a `uniform` number. */
export const MOST_BITS = 24;

/** Bits of one stored number. */
function bitsPerNumber(format: LatentFormat): number {
  return format.kind === 'uniform' ? format.bits : format.kind === 'float16' ? 16 : 32;
}

/** Bytes of `count` stored numbers. */
export function packedBytes(format: LatentFormat, count: number): number {
  return Math.ceil((count * bitsPerNumber(format)) / 8);
}

/** Ranges of the columns of [rows, width], joined to earlier ones. */
export function widenedRanges(
  values: ArrayLike<number>,
  width: number,
  earlier?: readonly LatentRange[],
): LatentRange[] {
  const min = Array.from({ length: width }, (_, k) => earlier?.[k].min ?? Infinity);
  const max = Array.from({ length: width }, (_, k) => earlier?.[k].max ?? -Infinity);
  for (let i = 0; i < values.length; i++) {
    const k = i % width;
    if (values[i] < min[k]) min[k] = values[i];
    if (values[i] > max[k]) max[k] = values[i];
  }
  return min.map((low, k) => ({ min: low, max: max[k] }));
}

/** Stores latent vectors [rows, latent]; values outside of a range become its end. */
export function packLatent(format: LatentFormat, values: Float32Array): Uint8Array {
  switch (format.kind) {
    case 'float32':
      return new Uint8Array(values.slice().buffer);
    case 'float16': {
      const halves = Uint16Array.from(values, halfBits);
      return new Uint8Array(halves.buffer);
    }
    case 'uniform':
      return packUniform(format, values);
  }
}

/** Inverse of `packLatent`, [count]. @throws RangeError unless there are as many bytes as `packedBytes` says */
export function unpackLatent(format: LatentFormat, bytes: Uint8Array, count: number): Float32Array {
  if (bytes.length !== packedBytes(format, count)) {
    throw new RangeError(
      `${bytes.length} bytes for ${count} numbers, expected ${packedBytes(format, count)}`,
    );
  }
  switch (format.kind) {
    case 'float32':
      return new Float32Array(bytes.slice().buffer);
    case 'float16':
      return Float32Array.from(new Uint16Array(bytes.slice().buffer), numberOfHalf);
    case 'uniform':
      return unpackUniform(format, bytes, count);
  }
}

type Uniform = Extract<LatentFormat, { kind: 'uniform' }>;

function stepsOf({ bits, ranges }: Uniform) {
  const last = 2 ** bits - 1;
  return ranges.map(({ min, max }) => ({ min, step: max > min ? (max - min) / last : 1, last }));
}

function packUniform(format: Uniform, values: Float32Array): Uint8Array {
  const steps = stepsOf(format);
  const bytes = new Uint8Array(packedBytes(format, values.length));
  let [pending, filled, end] = [0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const { min, step, last } = steps[i % steps.length];
    const code = Math.min(last, Math.max(0, Math.round((values[i] - min) / step)));
    pending += code * 2 ** filled; // at most 24 + 7 bits, exact
    filled += format.bits;
    while (filled >= 8) {
      bytes[end++] = pending % 256;
      pending = Math.floor(pending / 256);
      filled -= 8;
    }
  }
  if (filled > 0) bytes[end] = pending;
  return bytes;
}

function unpackUniform(format: Uniform, bytes: Uint8Array, count: number): Float32Array {
  const steps = stepsOf(format);
  const values = new Float32Array(count);
  const size = 2 ** format.bits;
  let [pending, filled, end] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    while (filled < format.bits) {
      pending += bytes[end++] * 2 ** filled;
      filled += 8;
    }
    const { min, step } = steps[i % steps.length];
    values[i] = min + (pending % size) * step;
    pending = Math.floor(pending / size);
    filled -= format.bits;
  }
  return values;
}

/**
 * Reads back what `JSON.stringify` wrote of a format.
 * @throws UserError when it is none for `latent` variables
 */
export function parseLatentFormat(value: unknown, latent: number, where: string): LatentFormat {
  const { kind, bits, ranges } = (value ?? {}) as { kind?: unknown; bits?: unknown; ranges?: unknown };
  if (kind === 'float32' || kind === 'float16') return { kind };
  const isRange = (range: Partial<LatentRange> | null) =>
    Number.isFinite(range?.min) && Number.isFinite(range?.max) && range!.max! >= range!.min!;
  const areRanges = Array.isArray(ranges) && ranges.length === latent && ranges.every(isRange);
  if (
    kind === 'uniform' &&
    Number.isInteger(bits) &&
    Number(bits) >= 1 &&
    Number(bits) <= MOST_BITS &&
    areRanges
  ) {
    return { kind, bits: Number(bits), ranges: ranges as LatentRange[] };
  }
  throw new UserError(`${where}: unknown format of the latent variables; compress the jets anew`);
}
