/** How one variable of a jet becomes a number of order one, and back. */
import { UserError } from '@hep/options';

/**
 * normalised = (g(x) - shift) / scale, where g is x itself or log10(offset + sign * x). Plain data, so that it can be
 * stored beside a network or in a file of compressed jets.
 */
export interface VariableTransform {
  /** Name of the variable; x is in the unit of the input file (m and pt in MeV). */
  readonly name: string;
  readonly curve: 'linear' | 'log10';
  /** Used by `log10` alone. */
  readonly offset: number;
  readonly sign: 1 | -1;
  readonly shift: number;
  readonly scale: number;
  /** Differences are taken modulo this, as for azimuthal angles; absent for most variables. */
  readonly period?: number;
}

/** normalised = (x - shift) / scale. */
export function linear(name: string, scale = 1, shift = 0): VariableTransform {
  return { name, curve: 'linear', offset: 0, sign: 1, shift, scale };
}

/** normalised = (log10(offset + sign * x) - shift) / scale. */
export function logarithmic(
  name: string,
  { offset = 0, sign = 1, shift = 0, scale = 1 }: Partial<Omit<VariableTransform, 'name' | 'curve'>>,
): VariableTransform {
  return { name, curve: 'log10', offset, sign, shift, scale };
}

/** An angle in radians, (-pi, pi]. */
export function angle(name: string, scale: number): VariableTransform {
  return { ...linear(name, scale), period: 2 * Math.PI };
}

/** Normalised value; NaN where the logarithm is not defined. */
export function forward({ curve, offset, sign, shift, scale }: VariableTransform, x: number): number {
  if (curve === 'linear') return (x - shift) / scale;
  const argument = offset + sign * x;
  return argument > 0 ? (Math.log10(argument) - shift) / scale : NaN;
}

/** Inverse of `forward`; periodic variables are brought back to one period around 0. */
export function inverse(transform: VariableTransform, y: number): number {
  const { curve, offset, sign, shift, scale, period } = transform;
  const value = y * scale + shift;
  if (curve === 'log10') return sign * (10 ** value - offset);
  return period === undefined ? value : value - period * Math.round(value / period);
}

/** `after - before` in the variable's unit, of periodic variables the smallest such difference. */
export function difference({ period }: VariableTransform, before: number, after: number): number {
  const plain = after - before;
  return period === undefined ? plain : plain - period * Math.round(plain / period);
}

/** The values that `forward` takes, as text for messages: `above -1`. */
export function domainText({ curve, offset, sign }: VariableTransform): string {
  if (curve === 'linear') return 'a finite number';
  return sign === 1 ? `above ${-offset}` : `below ${offset}`;
}

/**
 * The same curve with other shift and scale, so that the values have mean 0 and standard deviation 1.
 * @throws UserError when the values do not vary
 */
export function standardised(transform: VariableTransform, values: ArrayLike<number>): VariableTransform {
  const raw = { ...transform, shift: 0, scale: 1 };
  const { mean, deviation } = momentsOf(values, (x) => forward(raw, x));
  if (!(deviation > 0)) throw constant(transform, values.length);
  return { ...transform, shift: mean, scale: deviation };
}

/**
 * The same curve with other shift and scale, so that the values reach from 0 to 1.
 * @throws UserError when the values do not vary
 */
export function scaledToUnit(transform: VariableTransform, values: ArrayLike<number>): VariableTransform {
  const raw = { ...transform, shift: 0, scale: 1 };
  const [low, high] = Array.from(values).reduce(
    ([least, most], x) => {
      const y = forward(raw, x);
      return [Math.min(least, y), Math.max(most, y)];
    },
    [Infinity, -Infinity],
  );
  if (!(high > low)) throw constant(transform, values.length);
  return { ...transform, shift: low, scale: high - low };
}

/** The variable as it is, of which periodic ones stay periodic. */
export function withoutCurve({ name, period }: VariableTransform): VariableTransform {
  return { ...linear(name), period };
}

function constant({ name }: VariableTransform, count: number): UserError {
  return new UserError(
    `variable ${name}: all ${count} values are the same, so it cannot be standardised; leave it out`,
  );
}

/** Mean and standard deviation (divided by n - 1, as pandas does). */
function momentsOf(values: ArrayLike<number>, map: (x: number) => number) {
  const mapped = Float64Array.from(values, map);
  const mean = mapped.reduce((sum, y) => sum + y, 0) / mapped.length;
  const squares = mapped.reduce((sum, y) => sum + (y - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (mapped.length - 1)) };
}
