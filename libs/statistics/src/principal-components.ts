/** Principal components: the linear map to fewer numbers that loses least. */
import { covarianceMatrix } from './correlation.ts';
import { mean } from './moments.ts';

/** Directions of the largest variance. */
export interface PrincipalComponents {
  /** [columns] */
  readonly means: Float64Array;
  /** Orthonormal directions of length `columns`, of falling variance. */
  readonly directions: readonly Float64Array[];
  /** Variance along each of them. */
  readonly variances: Float64Array;
}

/** All principal components of columns of equal length. @throws RangeError when columns differ in length */
export function principalComponents(columns: readonly ArrayLike<number>[]): PrincipalComponents {
  const { values, vectors } = symmetricEigen(covarianceMatrix(columns), columns.length);
  const order = [...values.keys()].sort((a, b) => values[b] - values[a]);
  return {
    means: Float64Array.from(columns, (column) => mean(column)),
    directions: order.map((i) =>
      Float64Array.from({ length: columns.length }, (_, row) => vectors[row * columns.length + i]),
    ),
    variances: Float64Array.from(order, (i) => values[i]),
  };
}

/** Coordinates of rows [rows, columns] along the first `count` directions, [rows, count]. */
export function project(
  { means, directions }: PrincipalComponents,
  matrix: ArrayLike<number>,
  count: number,
): Float64Array {
  const width = means.length;
  const rows = matrix.length / width;
  const result = new Float64Array(rows * count);
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < count; k++) {
      let sum = 0;
      for (let i = 0; i < width; i++) sum += (matrix[row * width + i] - means[i]) * directions[k][i];
      result[row * count + k] = sum;
    }
  }
  return result;
}

/** Rows [rows, columns] of coordinates [rows, count]: the nearest ones that have these coordinates. */
export function unproject(
  { means, directions }: PrincipalComponents,
  coordinates: ArrayLike<number>,
  count: number,
): Float64Array {
  const width = means.length;
  const rows = coordinates.length / count;
  const result = new Float64Array(rows * width);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < width; i++) {
      let sum = means[i];
      for (let k = 0; k < count; k++) sum += coordinates[row * count + k] * directions[k][i];
      result[row * width + i] = sum;
    }
  }
  return result;
}

const SWEEPS = 60;

/** Eigenvalues and eigenvectors (columns of `vectors`) of a symmetric matrix by Jacobi's rotations. */
function symmetricEigen(matrix: Float64Array, size: number): { values: Float64Array; vectors: Float64Array } {
  const a = Float64Array.from(matrix);
  const vectors = Float64Array.from({ length: size * size }, (_, at) => (at % (size + 1) === 0 ? 1 : 0));
  const total = a.reduce((sum, value) => sum + value * value, 0);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let off = 0;
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) off += a[p * size + q] ** 2;
    if (off <= 1e-30 * total) break;
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotate(a, vectors, size, p, q);
  }
  return { values: Float64Array.from({ length: size }, (_, i) => a[i * (size + 1)]), vectors };
}

/** Makes element (p, q) zero (Golub and Van Loan, Matrix Computations, section 8.5). */
function rotate(a: Float64Array, vectors: Float64Array, size: number, p: number, q: number): void {
  const apq = a[p * size + q];
  if (apq === 0) return;
  const tau = (a[q * (size + 1)] - a[p * (size + 1)]) / (2 * apq);
  const t = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.hypot(1, tau));
  const cosine = 1 / Math.hypot(1, t);
  const sine = t * cosine;
  const turn = (values: Float64Array, first: number, second: number) => {
    const [x, y] = [values[first], values[second]];
    values[first] = cosine * x - sine * y;
    values[second] = sine * x + cosine * y;
  };
  for (let k = 0; k < size; k++) turn(a, k * size + p, k * size + q);
  for (let k = 0; k < size; k++) turn(a, p * size + k, q * size + k);
  for (let k = 0; k < size; k++) turn(vectors, k * size + p, k * size + q);
}
