/** Simpler ways of storing jets in few bits, to compare networks with. */
import { mean, principalComponents, project, unproject } from '@hep/statistics';
import { packLatent, unpackLatent, widenedRanges } from '../codec/latent-format.ts';
import type { LatentFormat } from '../codec/latent-format.ts';
import { bitsOf, FLOAT16, FLOAT8, roundToFloat } from './short-floats.ts';
import type { FloatFormat } from './short-floats.ts';

/** Normalised variables of jets, [rows, width]. */
export interface Matrix {
  readonly width: number;
  readonly values: Float32Array;
}

/** A way of storing jets. */
export interface Baseline {
  readonly name: string;
  readonly bitsPerJet: number;
  /** The variables as they come back, [rows, width]. */
  restore(values: Float32Array): ArrayLike<number>;
}

/** Every normalised variable as a short float. */
function shortFloats(name: string, format: FloatFormat, width: number): Baseline {
  return {
    name,
    bitsPerJet: bitsOf(format) * width,
    restore: (values) => values.map((value) => roundToFloat(value, format)),
  };
}

/** Every variable in equal steps over its range in the training jets, which is cut there. */
export function equalSteps(train: Matrix, bits: number): Baseline {
  const ranges = widenedRanges(train.values, train.width);
  const format: LatentFormat = { kind: 'uniform', bits, ranges };
  return {
    name: `${bits}-bit steps`,
    bitsPerJet: bits * train.width,
    restore: (values) => unpackLatent(format, packLatent(format, values), values.length),
  };
}

/** The first `count` principal components of the training jets as float32 or float16. */
export function components(train: Matrix, count: number, bits: 32 | 16): Baseline {
  const { width, values } = train;
  const rows = values.length / width;
  const columns = Array.from({ length: width }, (_, i) =>
    Float64Array.from({ length: rows }, (_row, row) => values[row * width + i]),
  );
  const found = principalComponents(columns);
  const stored = (value: number) => (bits === 32 ? Math.fround(value) : roundToFloat(value, FLOAT16));
  return {
    name: `${count} principal components, float${bits}`,
    bitsPerJet: bits * count,
    restore: (matrix) => unproject(found, project(found, matrix, count).map(stored), count),
  };
}

/** The baselines beside a network with `latent` variables, those of equal size among them. */
export function baselinesBeside(train: Matrix, latent: number): Baseline[] {
  const { width } = train;
  const equalBits = [16, 8].map((bits) => Math.floor((bits * latent) / width)).filter((bits) => bits >= 1);
  return [
    shortFloats('float16', FLOAT16, width),
    shortFloats('float8 (E4M3)', FLOAT8, width),
    ...(latent < width ? [components(train, latent, 32), components(train, latent, 16)] : []),
    ...equalBits.map((bits) => equalSteps(train, bits)),
  ];
}

/** Mean squared error of what comes back. */
export function baselineError({ restore }: Baseline, values: Float32Array): number {
  const restored = restore(values);
  return mean(Float64Array.from(values, (value, i) => (restored[i] - value) ** 2));
}
