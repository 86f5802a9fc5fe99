/** Exact EMD over worker threads. */
import { availableParallelism } from 'node:os';
import { WorkerPool } from '@hep/workers';
import { createEmdSolver, expectLength, rowsOf } from './emd.ts';
import type { EmdOptions } from './emd.ts';
import type { EmdRange, EmdService, EmdWorkerData } from './emd-worker.ts';
import type { Charges } from './shares.ts';

/** Settings of the parallel solvers. */
export interface EmdPoolOptions extends EmdOptions {
  /** Worker threads; all cores by default. */
  readonly threads?: number;
}

/** Pairs per message: long enough to hide the message, short enough to share the load. */
const PAIRS_PER_RANGE = 2000;

/** Worker threads with a solver each, for repeated use. Methods as `EmdSolver`, but asynchronous. */
export class EmdPool {
  private constructor(
    private readonly workers: WorkerPool<EmdService>,
    private readonly bins: number,
  ) {}

  /**
   * Starts the threads; `metric` and `bins` as `createEmdSolver`.
   * @throws RangeError when `threads` is not a positive integer, and as `createEmdSolver`
   */
  static async start(
    metric: Float64Array,
    bins: number,
    { threads = availableParallelism(), ...options }: EmdPoolOptions = {},
  ): Promise<EmdPool> {
    createEmdSolver(metric, bins, options); // tells a wrong metric here rather than in every thread
    const workerData: EmdWorkerData = { metric, bins, options };
    const entry = new URL('./emd-worker.ts', import.meta.url);
    return new EmdPool(await WorkerPool.start<EmdService>(entry, threads, { workerData }), bins);
  }

  /** Distances row by row of two batches [rows, bins]; arrays on a SharedArrayBuffer are not copied. */
  async emdBatch(x: Charges, y: Charges): Promise<Float64Array> {
    const rows = rowsOf(x, this.bins, 'x');
    expectLength('y', y, x.length);
    const out = sharedFloats(rows);
    await this.workers.map('batch', ranges({ x: shared(x), y: shared(y), out }, rows, PAIRS_PER_RANGE));
    return out;
  }

  /** Distances of every row of x to every row of y, [xRows, yRows]. */
  async emdMatrix(x: Charges, y: Charges): Promise<Float64Array> {
    const xRows = rowsOf(x, this.bins, 'x');
    const yRows = rowsOf(y, this.bins, 'y');
    const out = sharedFloats(xRows * yRows);
    const rowsPerRange = Math.max(1, Math.floor(PAIRS_PER_RANGE / Math.max(1, yRows)));
    await this.workers.map('matrix', ranges({ x: shared(x), y: shared(y), out }, xRows, rowsPerRange));
    return out;
  }

  /** Distances of row `xRows[k]` of x to row `yRows[k]` of y for every k, as [xRows.length]. */
  async emdPairs(x: Charges, y: Charges, xRows: Int32Array, yRows: Int32Array): Promise<Float64Array> {
    if (xRows.length !== yRows.length) {
      throw new RangeError(`yRows: ${yRows.length} rows; expected ${xRows.length}, one for each of xRows`);
    }
    const out = sharedFloats(xRows.length);
    const arrays = { x: shared(x), y: shared(y), xRows: sharedRows(xRows), yRows: sharedRows(yRows), out };
    await this.workers.map('pairs', ranges(arrays, xRows.length, PAIRS_PER_RANGE));
    return out;
  }

  /** Stops the threads. */
  close(): Promise<void> {
    return this.workers.close();
  }
}

/**
 * Distances row by row of two batches [rows, bins] over worker threads that are started and stopped for it; see
 * `EmdPool` for repeated use and `createEmdSolver` for the parameters and errors.
 */
export async function emdBatchParallel(
  metric: Float64Array,
  bins: number,
  x: Charges,
  y: Charges,
  options: EmdPoolOptions = {},
): Promise<Float64Array> {
  const pool = await EmdPool.start(metric, bins, options);
  try {
    return await pool.emdBatch(x, y);
  } finally {
    await pool.close();
  }
}

type Span = Pick<EmdRange, 'first' | 'last'>;

function* ranges<Arrays>(arrays: Arrays, rows: number, step: number): Generator<Arrays & Span> {
  for (let first = 0; first < rows; first += step)
    yield { ...arrays, first, last: Math.min(rows, first + step) };
}

function sharedFloats(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT));
}

function sharedRows(rows: Int32Array): Int32Array {
  if (rows.buffer instanceof SharedArrayBuffer) return rows;
  const copy = new Int32Array(new SharedArrayBuffer(rows.byteLength));
  copy.set(rows);
  return copy;
}

function shared(values: Charges): Charges {
  if (values.buffer instanceof SharedArrayBuffer) return values;
  const memory = new SharedArrayBuffer(values.byteLength);
  const copy = values instanceof Float32Array ? new Float32Array(memory) : new Float64Array(memory);
  copy.set(values);
  return copy;
}
