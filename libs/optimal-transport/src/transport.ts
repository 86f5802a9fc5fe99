/** Exact optimal transport between histograms on different bins, for any cost. */
import { EMPTY_FIRST, EMPTY_SECOND, expectLength } from './emd.ts';
import { readShares } from './shares.ts';
import type { Charges } from './shares.ts';
import { TransportSimplex } from './transport-simplex.ts';

/** Solver with its own memory: one per thread. */
export interface TransportSolver {
  /**
   * Lowest mean cost of turning `supply` [rows] into `demand` [columns], each scaled to a sum of one; `EMPTY_FIRST` or
   * `EMPTY_SECOND` for an empty histogram.
   * @throws RangeError for a wrong length, or a negative, infinite or NaN amount
   */
  solve(supply: Charges, demand: Charges): number;
}

/**
 * Solver for a cost matrix [rows, columns] of finite numbers.
 * @throws RangeError when the matrix has another size or holds a non-finite cost
 */
export function createTransportSolver(costs: Float64Array, rows: number, columns: number): TransportSolver {
  expectLength('costs', costs, rows * columns);
  const bad = costs.findIndex((cost) => !Number.isFinite(cost));
  if (bad >= 0) throw new RangeError(`costs[${bad}] is ${costs[bad]}; expected a finite number`);
  const size = rows + columns;
  const symmetric = new Float64Array(size * size);
  const pairs: [number, number][] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const node = rows + column;
      symmetric[row * size + node] = symmetric[node * size + row] = costs[row * columns + column];
      pairs.push([row, node]);
    }
  }
  const simplex = new TransportSimplex(symmetric, size, pairs);
  const demandShares = new Float64Array(columns);
  const supplyShares = new Float64Array(rows);
  return {
    solve(supply, demand) {
      expectLength('supply', supply, rows);
      expectLength('demand', demand, columns);
      const supplied = readShares('supply', supply, 0, supplyShares, 0);
      const demanded = readShares('demand', demand, 0, demandShares, 0);
      if (!supplied) return EMPTY_FIRST;
      if (!demanded) return EMPTY_SECOND;
      simplex.excess.set(supplyShares);
      for (let column = 0; column < columns; column++) simplex.excess[rows + column] = -demandShares[column];
      return simplex.solve();
    },
  };
}
