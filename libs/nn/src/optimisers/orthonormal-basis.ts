/** Eigenvectors of slowly changing symmetric matrices. */

/**
 * One orthogonal iteration: the orthonormal columns of `matrix * basis` by Householder's reflections, signs such that the
 * basis changes little where the matrix did. Repeated, it converges to the eigenvectors, the largest eigenvalue first.
 * @param matrix symmetric, [size, size]
 * @param basis orthonormal columns, [size, size]
 */
export function orthonormalBasis(matrix: Float32Array, basis: Float32Array, size: number): Float32Array {
  const columns = product(matrix, basis, size);
  const reflections: Float64Array[] = [];
  const signs = new Float64Array(size);
  for (let k = 0; k < size; k++) {
    const reflection = reflectionOf(columns[k], k);
    signs[k] = reflect(reflection, columns[k], k) < 0 ? -1 : 1;
    for (let j = k + 1; j < size; j++) reflect(reflection, columns[j], k);
    reflections.push(reflection);
  }
  const result = new Float32Array(size * size);
  for (let k = 0; k < size; k++) {
    const column = new Float64Array(size);
    column[k] = signs[k];
    for (let j = k; j >= 0; j--) reflect(reflections[j], column, j);
    for (let i = 0; i < size; i++) result[i * size + k] = column[i];
  }
  return result;
}

/** Columns of matrix * basis. */
function product(matrix: Float32Array, basis: Float32Array, size: number): Float64Array[] {
  return Array.from({ length: size }, (_, k) => {
    const column = new Float64Array(size);
    for (let j = 0; j < size; j++) {
      const factor = basis[j * size + k];
      for (let i = 0, at = j * size; i < size; i++) column[i] += factor * matrix[at + i];
    }
    return column;
  });
}

/** Unit vector (zero before `start`) whose reflection leaves of `column` only its element `start`. */
function reflectionOf(column: Float64Array, start: number): Float64Array {
  const vector = new Float64Array(column.length);
  let squares = 0;
  for (let i = start; i < column.length; i++) squares += (vector[i] = column[i]) ** 2;
  vector[start] += Math.sign(vector[start] || 1) * Math.sqrt(squares);
  let length = 0;
  for (let i = start; i < column.length; i++) length += vector[i] ** 2;
  if (length === 0) return vector;
  const scale = 1 / Math.sqrt(length);
  for (let i = start; i < column.length; i++) vector[i] *= scale;
  return vector;
}

/** Reflects a vector in place and gives its element `start`. */
function reflect(unit: Float64Array, vector: Float64Array, start: number): number {
  let along = 0;
  for (let i = start; i < vector.length; i++) along += unit[i] * vector[i];
  for (let i = start; i < vector.length; i++) vector[i] -= 2 * along * unit[i];
  return vector[start];
}
