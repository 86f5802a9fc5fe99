/** Worker of `EmdPool`: solves ranges of a batch in shared memory. */
import { workerData } from 'node:worker_threads';
import { serve } from '@hep/workers';
import { createEmdSolver } from './emd.ts';
import type { EmdOptions } from './emd.ts';
import type { Charges } from './shares.ts';

/** What a worker is started with. */
export interface EmdWorkerData {
  readonly metric: Float64Array;
  readonly bins: number;
  readonly options: EmdOptions;
}

/** Rows `first` to `last` (exclusive) of a job on shared arrays. */
export interface EmdRange {
  readonly x: Charges;
  readonly y: Charges;
  readonly out: Float64Array;
  readonly first: number;
  readonly last: number;
}

/** Pairs `first` to `last` (exclusive) of a list: which row of x and which of y belong to each. */
export interface EmdPairRange extends EmdRange {
  readonly xRows: Int32Array;
  readonly yRows: Int32Array;
}

/** Operations of the worker. */
export interface EmdService {
  /** out[row] = distance of the rows. */
  batch(range: EmdRange): void;
  /** out[row, :] = distances of row x to every row of y. */
  matrix(range: EmdRange): void;
  /** out[pair] = distance of the rows of a pair. */
  pairs(range: EmdPairRange): void;
}

const { metric, bins, options } = workerData as EmdWorkerData;
const solver = createEmdSolver(metric, bins, options);

serve<EmdService>({
  batch({ x, y, out, first, last }) {
    for (let row = first; row < last; row++) out[row] = solver.emd(x, y, row * bins, row * bins);
  },
  pairs({ x, y, xRows, yRows, out, first, last }) {
    for (let pair = first; pair < last; pair++) {
      out[pair] = solver.emd(x, y, xRows[pair] * bins, yRows[pair] * bins);
    }
  },
  matrix({ x, y, out, first, last }) {
    const columns = y.length / bins;
    for (let row = first; row < last; row++) {
      for (let column = 0; column < columns; column++) {
        out[row * columns + column] = solver.emd(x, y, row * bins, column * bins);
      }
    }
  },
});
