import type { Generator } from '@hep/datasets';
import type { ObjectKind } from '../jet-columns.ts';

/** Objects of one kind in one jet, row-major [count, features]; drawn anew for each jet. */
export interface ObjectBlock {
  readonly kind: ObjectKind;
  readonly values: Float32Array;
  /** Position of a feature by name. */
  readonly at: Readonly<Record<string, number>>;
}

/** An empty block. */
export function objectBlock(kind: ObjectKind): ObjectBlock {
  return {
    kind,
    values: new Float32Array(kind.count * kind.features.length),
    at: Object.fromEntries(kind.features.map((feature, index) => [feature, index])),
  };
}

/** Turns eta over where its sum weighted by pt is negative, as `build` does. */
export function orientEta({ kind, values, at }: ObjectBlock, count: number): void {
  const width = kind.features.length;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[i * width + at.eta] * values[i * width + at.pt];
  if (sum >= 0) return;
  for (let i = 0; i < count; i++) values[i * width + at.eta] *= -1;
}

/** Shares of a sum, falling: squares of exponential numbers, sorted. Valid until the next call. */
export class Shares {
  private readonly shares = new Float64Array(32);

  draw(random: Generator, count: number): Float64Array {
    const shares = this.shares.subarray(0, count);
    let sum = 0;
    for (let i = 0; i < count; i++) sum += shares[i] = random.exponential() ** 2;
    for (let i = 0; i < count; i++) shares[i] /= sum;
    return shares.sort().reverse();
  }
}

/** A symmetric number with exponential tails, mean absolute value 1. */
export function laplace(random: Generator): number {
  return random.exponential() * (random.uniform() < 0.5 ? -1 : 1);
}

/**
 * When a muon of the beam's halo passes the radius `radius` (m) at `eta`, in ns relative to light from the collision:
 * (side * z - sqrt(r^2 + z^2)) / c with z = r sinh(eta), which is -r exp(-side * eta) / c.
 */
export function haloTime(radius: number, eta: number, side: 1 | -1): number {
  return (-radius * Math.exp(-side * eta)) / 0.299792458;
}
