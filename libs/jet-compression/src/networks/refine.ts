/** Better latent vectors than the encoder's for a given decoder. */
import { errorFactors } from '../variables/normalisation.ts';
import type { CodecRunner } from './codec-runner.ts';
import type { JetCodec } from './jet-codec.ts';

/** What a refinement is told. */
export interface Refinement {
  /** Rounds; each decodes 2 * latent + 1 points for each jet. */
  readonly rounds: number;
  /** What errors in normalised variables are multiplied by; see `errorFactors`. */
  readonly factors: readonly number[];
}

/** Half of the distance over which the decoder is differentiated. */
const STEP = 1e-2;
const FIRST_DAMPING = 1e-3;

/**
 * Moves latent vectors towards the least squared error of what the decoder makes of them: Levenberg's and Marquardt's
 * damped Gauss-Newton steps with differences for derivatives. An encoder cannot follow the jumps of the best latent vector
 * where the latent surface folds; jets near such places gain most. A step that does not help is not taken.
 * @param variables normalised, [rows, width]
 * @param latent of the encoder, [rows, latent]
 * @returns [rows, latent]
 */
export async function refineLatent(
  runner: CodecRunner,
  variables: Float32Array,
  latent: Float32Array,
  { rounds, factors }: Refinement,
): Promise<Float32Array> {
  const width = factors.length;
  const rows = variables.length / width;
  const size = rows === 0 ? 0 : latent.length / rows;
  const decode = (points: Float32Array) => runner.decode(points);
  let best = latent.slice();
  const residuals = weighed(variables, await decode(best), factors);
  const damping = new Float64Array(rows).fill(FIRST_DAMPING);
  for (let round = 0; round < rounds; round++) {
    const slopes = await derivatives(decode, best, size, factors);
    const trial = best.slice();
    for (let row = 0; row < rows; row++) moveRow({ trial, residuals, slopes, damping, row, width, size });
    const after = weighed(variables, await decode(trial), factors);
    for (let row = 0; row < rows; row++) {
      const isBetter = squares(after, row, width) < squares(residuals, row, width);
      damping[row] *= isBetter ? 0.2 : 20;
      if (isBetter) residuals.set(after.subarray(row * width, (row + 1) * width), row * width);
      else trial.set(best.subarray(row * size, (row + 1) * size), row * size);
    }
    best = trial;
  }
  return best;
}

/** Latent vectors of normalised variables: the encoder's, after so many rounds of refinement. */
export async function latentOf(
  { codec, runner }: { readonly codec: JetCodec; readonly runner: CodecRunner },
  variables: Float32Array,
  rounds: number,
): Promise<Float32Array> {
  const latent = await runner.encode(variables);
  const factors = errorFactors(codec.normalisation, codec.metric);
  return rounds === 0 ? latent : refineLatent(runner, variables, latent, { rounds, factors });
}

/** (wanted - found) * factor, [rows, width]. */
function weighed(wanted: Float32Array, found: Float32Array, factors: readonly number[]): Float64Array {
  return Float64Array.from(wanted, (value, i) => (value - found[i]) * factors[i % factors.length]);
}

function squares(residuals: Float64Array, row: number, width: number): number {
  let sum = 0;
  for (let i = row * width; i < (row + 1) * width; i++) sum += residuals[i] ** 2;
  return sum;
}

/** Of the weighed variables by each latent variable: `size` arrays [rows, width]. */
async function derivatives(
  decode: (points: Float32Array) => Promise<Float32Array>,
  latent: Float32Array,
  size: number,
  factors: readonly number[],
): Promise<Float64Array[]> {
  const slopes: Float64Array[] = [];
  for (let k = 0; k < size; k++) {
    const moved = (by: number) => latent.map((value, i) => (i % size === k ? value + by : value));
    const [above, below] = [await decode(moved(STEP)), await decode(moved(-STEP))];
    slopes.push(
      weighed(
        above,
        below,
        factors.map((factor) => factor / (2 * STEP)),
      ),
    );
  }
  return slopes;
}

interface RowStep {
  readonly trial: Float32Array;
  readonly residuals: Float64Array;
  readonly slopes: readonly Float64Array[];
  readonly damping: Float64Array;
  readonly row: number;
  readonly width: number;
  readonly size: number;
}

/** Adds the damped step of one row to `trial`. */
function moveRow({ trial, residuals, slopes, damping, row, width, size }: RowStep): void {
  const start = row * width;
  const dot = (x: Float64Array, y: Float64Array) => {
    let sum = 0;
    for (let i = start; i < start + width; i++) sum += x[i] * y[i];
    return sum;
  };
  const normal = slopes.map((x) => slopes.map((y) => dot(x, y)));
  const trace = normal.reduce((sum, line, k) => sum + line[k], 0);
  normal.forEach((line, k) => (line[k] += (damping[row] * trace) / size + 1e-12));
  const step = solved(
    normal,
    slopes.map((x) => dot(x, residuals)),
  );
  for (let k = 0; k < size; k++) trial[row * size + k] += step[k];
}

/** Solution of a small symmetric positive system by elimination; changes its arguments. */
function solved(matrix: number[][], right: number[]): number[] {
  const size = right.length;
  for (let k = 0; k < size; k++) {
    for (let i = k + 1; i < size; i++) {
      const factor = matrix[i][k] / matrix[k][k];
      for (let j = k; j < size; j++) matrix[i][j] -= factor * matrix[k][j];
      right[i] -= factor * right[k];
    }
  }
  for (let k = size - 1; k >= 0; k--) {
    for (let j = k + 1; j < size; j++) right[k] -= matrix[k][j] * right[j];
    right[k] /= matrix[k][k];
  }
  return right;
}
