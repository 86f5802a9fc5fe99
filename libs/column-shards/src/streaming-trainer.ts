/** Trains on rows that pass through two windows in memory: one feeds the engine while the other is filled. */
import { createGenerator } from '@hep/datasets/random';
import { sumOfTallies } from '@hep/engine/tallies';
import type { Dataset, HostState, Trainer, TrainRequest, TrainResult } from '@hep/engine';

/** Where the rows come from. */
export interface RowSource {
  /** Rows of every epoch. */
  readonly rows: number;
  /** Shape of a row of each column. */
  readonly rowShapes: Readonly<Record<string, readonly number[]>>;
  /**
   * Puts the rows [first, end) of an epoch (from 1) into the columns, from row `offset` on.
   * @throws whatever ends the training
   */
  fill(
    epoch: number,
    range: { readonly first: number; readonly end: number },
    columns: Readonly<Record<string, Float32Array>>,
    offset: number,
  ): Promise<void>;
  /** Ends what reads the rows; filling that goes on meanwhile may reject. */
  close?(): Promise<void>;
}

/** Size of the windows, and the seed of the order within them. */
export interface StreamOptions {
  readonly batchSize: number;
  /** Rows of a window; cut to whole batches. */
  readonly windowRows: number;
  readonly seed: number;
}

const WINDOWS = 2;
/** Numbers of windows below this and of epochs make streams of random numbers that do not meet. */
const MOST_WINDOWS = 2 ** 20;

/** Two windows over a source. Memory: twice the rows of a window, whatever the source has. */
export class RowStream {
  /** Both windows, one after the other; the data set of the engine. */
  readonly dataset: Dataset;
  /** Time in which the engine waited for rows, and in which it trained. */
  waitedSeconds = 0;
  trainedSeconds = 0;
  private readonly columns: Readonly<Record<string, Float32Array>>;
  private readonly order: Int32Array;
  private readonly windowRows: number;
  /** What each window holds or is being filled with. */
  private readonly held: { key: string; ready: Promise<void> }[] = [];

  constructor(
    private readonly source: RowSource,
    private readonly options: StreamOptions,
  ) {
    const { batchSize, windowRows } = options;
    const batches = Math.max(1, Math.floor(Math.min(windowRows, source.rows + batchSize - 1) / batchSize));
    this.windowRows = batches * batchSize;
    const rows = WINDOWS * this.windowRows;
    this.order = new Int32Array(new SharedArrayBuffer(4 * rows));
    const columns = Object.entries(source.rowShapes).map(([name, rowShape]) => {
      const size = rowShape.reduce((product, length) => product * length, 1);
      const values = new Float32Array(new SharedArrayBuffer(4 * rows * size));
      return [name, { rowShape, values }] as const;
    });
    this.dataset = { rows, columns: Object.fromEntries(columns) };
    this.columns = Object.fromEntries(columns.map(([name, { values }]) => [name, values]));
  }

  /**
   * A trainer that feeds `trainer` from the windows. The rows of a request follow from (seed, epoch, batch) alone. An epoch has as many batches as the source has rows for.
   * @param name of `dataset` in the trainer
   */
  feed(trainer: Trainer, name: string): Trainer {
    return {
      description: trainer.description,
      hasOwnOrder: true,
      train: (request) => (request.dataset === name ? this.train(trainer, request) : trainer.train(request)),
      evaluate: (dataset, batchSize) => trainer.evaluate(dataset, batchSize),
      readState: () => trainer.readState(),
      writeState: (state: HostState) => trainer.writeState(state),
      close: async () => {
        await this.source.close?.();
        await Promise.allSettled(this.held.map(({ ready }) => ready));
        await trainer.close();
      },
    };
  }

  private async train(trainer: Trainer, request: TrainRequest): Promise<TrainResult> {
    const { firstBatch, endBatch } = request;
    const perWindow = this.windowRows / this.options.batchSize;
    const results: TrainResult[] = [];
    for (let batch = firstBatch; batch < endBatch;) {
      const window = Math.floor(batch / perWindow);
      const end = Math.min(endBatch, (window + 1) * perWindow);
      const result = await this.trainWithin(trainer, request, window, { first: batch, end });
      results.push(result);
      if (result.badBatch >= 0) return joined(results, result.badBatch + window * perWindow);
      batch = end;
    }
    return joined(results, -1);
  }

  private async trainWithin(
    trainer: Trainer,
    request: TrainRequest,
    window: number,
    batches: { readonly first: number; readonly end: number },
  ): Promise<TrainResult> {
    const { batchSize } = this.options;
    const epochBatches = Math.ceil(this.source.rows / batchSize);
    const epoch = 1 + Math.floor((request.step - 1) / epochBatches);
    const windows = Math.ceil(this.source.rows / this.windowRows);
    const number = (epoch - 1) * windows + window;
    const begin = performance.now();
    await this.window(number, windows);
    const filled = performance.now();
    this.waitedSeconds += (filled - begin) / 1000;
    void this.window(number + 1, windows);
    const start = (number % WINDOWS) * this.windowRows;
    const { first, end } = this.rowsOf(window);
    const offset = batches.first - request.firstBatch;
    const before = (window * this.windowRows) / batchSize;
    const result = await trainer.train({
      ...request,
      order: this.order.subarray(start, start + end - first),
      firstBatch: batches.first - before,
      endBatch: batches.end - before,
      step: request.step + offset,
      learningRates: request.learningRates.subarray(offset, offset + batches.end - batches.first),
    });
    this.trainedSeconds += (performance.now() - filled) / 1000;
    return result;
  }

  /** Fills a window, counted over all epochs, unless it is there already. */
  private window(number: number, windows: number): Promise<void> {
    const slot = number % WINDOWS;
    const key = String(number);
    if (this.held[slot]?.key === key) return this.held[slot].ready;
    const ready = this.fill(1 + Math.floor(number / windows), number % windows, slot);
    // Whoever waits for the window is told of the failure.
    ready.catch(() => undefined);
    this.held[slot] = { key, ready };
    return ready;
  }

  private async fill(epoch: number, window: number, slot: number): Promise<void> {
    const range = this.rowsOf(window);
    const start = slot * this.windowRows;
    await this.source.fill(epoch, range, this.columns, start);
    const generator = createGenerator(this.options.seed, epoch * MOST_WINDOWS + window);
    const places = generator.permutation(range.end - range.first);
    for (let i = 0; i < places.length; i++) this.order[start + i] = start + places[i];
  }

  private rowsOf(window: number): { readonly first: number; readonly end: number } {
    const first = window * this.windowRows;
    return { first, end: Math.min(this.source.rows, first + this.windowRows) };
  }
}

function joined(results: readonly TrainResult[], badBatch: number): TrainResult {
  if (results.length === 1) return { ...results[0], badBatch };
  const names = Object.keys(results[0].outputs);
  const outputs = names.map((name) => [
    name,
    Float64Array.from(results.flatMap((result) => [...result.outputs[name]])),
  ]);
  return {
    outputs: Object.fromEntries(outputs),
    tallies: sumOfTallies(results.map(({ tallies }) => tallies)),
    rows: Int32Array.from(results.flatMap(({ rows }) => [...rows])),
    badBatch,
  };
}
