/** What every engine offers to a training loop. */

/** Host numbers of one tensor. */
export interface HostTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Host numbers by name. */
export type HostState = Readonly<Record<string, HostTensor>>;

/**
 * Rows of a data set. `values` holds `rows` times the product of `rowShape` float32 numbers; when it views a
 * SharedArrayBuffer, worker threads read it in place, otherwise it is copied once.
 */
export interface Column {
  readonly rowShape: readonly number[];
  readonly values: Float32Array;
  /**
   * Where given, `values` is a table of any number of rows, and row r of the data set is row `picks[r]` of the table:
   * for rows that appear many times, as in pairs.
   */
  readonly picks?: Int32Array;
}

/** Columns named as the graph inputs that they feed. */
export interface Dataset {
  readonly rows: number;
  readonly columns: Readonly<Record<string, Column>>;
}

/** A stretch of consecutive batches of one epoch. */
export interface TrainRequest {
  /** Data set to draw from. */
  readonly dataset: string;
  /** Row numbers in the order of the epoch; batch b takes elements [b * batchSize, (b + 1) * batchSize). */
  readonly order: Int32Array;
  readonly batchSize: number;
  /** First batch, counted from 0, and the batch after the last; the last batch of an epoch may be partial. */
  readonly firstBatch: number;
  readonly endBatch: number;
  /** Optimiser step of the first batch, counted from 1. */
  readonly step: number;
  /** Learning rate of each batch of the stretch. */
  readonly learningRates: Float32Array;
  /** Values of the program's further scalar inputs, the same for the whole stretch. */
  readonly scalars?: Readonly<Record<string, number>>;
  /** 32-bit seed of the run; random layers derive their numbers from it and from the step. */
  readonly seed: number;
}

/** Results that are no scalars, by name: summed element by element over batches and replicas. */
export type Tallies = Readonly<Record<string, Float64Array>>;

/** What a stretch of batches returned. */
export interface TrainResult {
  /** For every scalar result of the step graph its value in each batch (mean over the rows of the batch). */
  readonly outputs: Readonly<Record<string, Float64Array>>;
  /** Of all its batches. */
  readonly tallies: Tallies;
  /** Rows of each batch. */
  readonly rows: Int32Array;
  /** First batch whose outputs are not finite, or -1; the stretch stops after it. */
  readonly badBatch: number;
}

/** What an evaluation gave. */
export interface Evaluation {
  /** Mean of every scalar result over all rows, each row weighted equally. */
  readonly means: Readonly<Record<string, number>>;
  readonly tallies: Tallies;
}

/** A training step compiled for a device, with its state and its data. */
export interface Trainer {
  /** What runs the step, such as `onnxruntime cpu, 2 replicas x 1 thread`. */
  readonly description: string;
  /** Whether rows come in an order of the trainer's own, so that `order` of a request is empty; default false. */
  readonly hasOwnOrder?: boolean;
  /** Runs a stretch of batches. The calling thread stays free meanwhile. */
  train(request: TrainRequest): Promise<TrainResult>;
  /** Runs the evaluation graph over all rows of a data set. */
  evaluate(dataset: string, batchSize: number): Promise<Evaluation>;
  /** Parameters, optimiser slots and moving statistics, as they are after the last batch. */
  readState(): Promise<HostState>;
  /** Replaces the state. Throws when names or sizes differ. */
  writeState(state: HostState): Promise<void>;
  close(): Promise<void>;
}
