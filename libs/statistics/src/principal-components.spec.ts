import fc from 'fast-check';
import { correlationMatrix, covarianceMatrix } from './correlation.ts';
import { principalComponents, project, unproject } from './principal-components.ts';

const number = fc.double({ min: -100, max: 100, noNaN: true });
const table = (columns: number) =>
  fc.array(fc.array(number, { minLength: columns, maxLength: columns }), { minLength: 3, maxLength: 40 });
const columnsOf = (rows: readonly (readonly number[])[]) => rows[0].map((_, i) => rows.map((row) => row[i]));

describe('principalComponents', () => {
  it('finds the direction of points on a line', () => {
    const x = [-2, -1, 0, 1, 2];
    const { directions, variances, means } = principalComponents([x, x.map((value) => 3 + 2 * value)]);
    expect([...means]).toEqual([0, 3]);
    expect(Math.abs(directions[0][1] / directions[0][0])).toBeCloseTo(2, 12);
    expect(variances[0]).toBeCloseTo(10, 12);
    expect(variances[1]).toBeCloseTo(0, 12);
  });

  it('has orthonormal directions whose variances add up to those of the columns', () => {
    fc.assert(
      fc.property(table(4), (rows) => {
        const columns = columnsOf(rows);
        const { directions, variances } = principalComponents(columns);
        const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i], 0);
        directions.forEach((a, i) =>
          directions.forEach((b, j) => expect(dot(a, b)).toBeCloseTo(i === j ? 1 : 0, 9)),
        );
        const covariance = covarianceMatrix(columns);
        const trace = [0, 5, 10, 15].reduce((sum, at) => sum + covariance[at], 0);
        expect(variances.reduce((sum, value) => sum + value, 0)).toBeCloseTo(trace, 6);
        [0, 1, 2].forEach((k) => expect(variances[k]).toBeGreaterThanOrEqual(variances[k + 1] - 1e-9));
      }),
    );
  });

  it('loses the variance of the directions that are left out, and nothing without any', () => {
    fc.assert(
      fc.property(table(3), (rows) => {
        const components = principalComponents(columnsOf(rows));
        const flat = rows.flat();
        const lost = (count: number) => {
          const back = unproject(components, project(components, flat, count), count);
          return back.reduce((sum, value, i) => sum + (value - flat[i]) ** 2, 0) / rows.length;
        };
        expect(lost(3)).toBeCloseTo(0, 9);
        expect(lost(2)).toBeCloseTo(components.variances[2], 6);
      }),
    );
  });
});

describe('correlationMatrix', () => {
  it('is 1 on the diagonal, -1 for opposite columns, NaN for a constant one', () => {
    const matrix = correlationMatrix([
      [1, 2, 4],
      [-1, -2, -4],
      [5, 5, 5],
    ]);
    expect([...matrix].map((value) => Math.round(value * 1e12) / 1e12)).toEqual([
      1,
      -1,
      NaN,
      -1,
      1,
      NaN,
      NaN,
      NaN,
      NaN,
    ]);
  });

  it('refuses columns of different lengths', () => {
    expect(() => covarianceMatrix([[1, 2], [1]])).toThrow('columns of 2 and 1 values');
  });
});
