/** Linear relations between columns of numbers. */
import { mean } from './moments.ts';

/**
 * Pearson's correlation of every pair of columns, [columns, columns]; NaN where a column does not vary.
 * @throws RangeError when columns differ in length
 */
export function correlationMatrix(columns: readonly ArrayLike<number>[]): Float64Array {
  const covariance = covarianceMatrix(columns);
  const count = columns.length;
  return covariance.map((value, at) => {
    const [row, column] = [Math.floor(at / count), at % count];
    if (row === column && value > 0) return 1;
    return value / Math.sqrt(covariance[row * (count + 1)] * covariance[column * (count + 1)]);
  });
}

/**
 * Population covariance of every pair of columns, [columns, columns].
 * @throws RangeError when columns differ in length
 */
export function covarianceMatrix(columns: readonly ArrayLike<number>[]): Float64Array {
  const rows = columns[0]?.length ?? 0;
  const odd = columns.find(({ length }) => length !== rows);
  if (odd !== undefined)
    throw new RangeError(`columns of ${rows} and ${odd.length} values; expected as many`);
  const centred = columns.map((values) => {
    const centre = mean(values);
    return Float64Array.from(values, (value) => value - centre);
  });
  const covariance = new Float64Array(columns.length ** 2);
  centred.forEach((x, i) =>
    centred.forEach((y, j) => {
      if (j < i) return;
      let sum = 0;
      for (let row = 0; row < rows; row++) sum += x[row] * y[row];
      covariance[i * columns.length + j] = sum / rows;
      covariance[j * columns.length + i] = sum / rows;
    }),
  );
  return covariance;
}
