/** A trainer small enough to test the loop with: linear regression with Adam, every number a float32. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { HostState, TrainRequest, TrainResult, Trainer } from '@hep/engine';
import { fillUniform } from '@hep/graph/random';

const NOISE_STREAM = 1 << 20;

/** Options of `linearTrainer`. */
export interface LinearTrainerOptions {
  /** Rows of the data set `train`; `validation` has half as many. */
  readonly rows?: number;
  readonly features?: number;
  /** Time that each batch pretends to take. */
  readonly batchMilliseconds?: number;
  /** Steps, counted from 1, whose loss is NaN. */
  readonly nanSteps?: readonly number[];
  /** The scalar `pull` weighs the sum of the weights' magnitudes, which is reported as `size`. */
  readonly hasSize?: boolean;
}

interface Samples {
  readonly x: Float32Array;
  readonly y: Float32Array;
}

/**
 * Its tally `visits` counts how often it saw each row.
 *
 * Every update depends on the order of the rows, the step, the learning rate and the seed (which draws noise on the
 * target, as dropout would), so a loop that resumes wrongly ends with other bits.
 */
export function linearTrainer(options: LinearTrainerOptions = {}): Trainer {
  const { rows = 64, features = 3, batchMilliseconds = 0, nanSteps = [], hasSize = false } = options;
  const data: Readonly<Record<string, Samples>> = {
    train: makeSamples(rows, features, 1),
    validation: makeSamples(Math.ceil(rows / 2), features, 2),
  };
  const state = {
    weights: new Float32Array(features),
    momentum: new Float32Array(features),
    variance: new Float32Array(features),
  };
  const tensors = Object.entries(state);

  return {
    description: 'linear regression, test',
    async train(request): Promise<TrainResult> {
      const count = request.endBatch - request.firstBatch;
      const losses: number[] = [];
      const sizes: number[] = [];
      const rowsOf: number[] = [];
      const visits = new Float64Array(rows);
      for (let batch = 0; batch < count; batch++) {
        const first = (request.firstBatch + batch) * request.batchSize;
        const chosen = request.order.subarray(first, first + request.batchSize);
        for (const row of chosen) visits[row]++;
        sizes.push(sizeOf(state.weights));
        const loss = step(data[request.dataset], state, chosen, request, batch);
        losses.push(nanSteps.includes(request.step + batch) ? NaN : loss);
        rowsOf.push(chosen.length);
        if (batchMilliseconds > 0) await sleep(batchMilliseconds);
        if (Number.isNaN(losses[batch])) break;
      }
      const badBatch = losses.findIndex(Number.isNaN);
      return {
        outputs: {
          loss: Float64Array.from(losses),
          ...(hasSize ? { size: Float64Array.from(sizes) } : {}),
        },
        tallies: { visits: visits },
        rows: Int32Array.from(rowsOf),
        badBatch: badBatch < 0 ? -1 : request.firstBatch + badBatch,
      };
    },
    async evaluate(dataset) {
      const { x, y } = data[dataset];
      let sum = 0;
      for (let row = 0; row < y.length; row++) sum += residual(x, y[row], state.weights, row) ** 2;
      const size: Record<string, number> = hasSize ? { size: sizeOf(state.weights) } : {};
      return { means: { loss: sum / y.length, ...size }, tallies: {} };
    },
    async readState(): Promise<HostState> {
      return Object.fromEntries(
        tensors.map(([name, values]) => [name, { shape: [features], values: values.slice() }]),
      );
    },
    async writeState(source) {
      for (const [name, values] of tensors) values.set(source[name].values);
    },
    async close() {},
  };
}

function makeSamples(rows: number, features: number, stream: number): Samples {
  const x = new Float32Array(rows * features);
  fillUniform(x, 7, stream);
  const y = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < features; i++) y[row] += (i + 1) * x[row * features + i] ** 2;
  }
  return { x, y };
}

function sizeOf(weights: Float32Array): number {
  return weights.reduce((sum, weight) => sum + Math.abs(weight), 0);
}

function residual(x: Float32Array, y: number, weights: Float32Array, row: number): number {
  let sum = -y;
  for (let i = 0; i < weights.length; i++) sum += weights[i] * x[row * weights.length + i];
  return sum;
}

/** One Adam update (Keras' form); returns the loss before it. */
function step(
  { x, y }: Samples,
  state: { weights: Float32Array; momentum: Float32Array; variance: Float32Array },
  rows: Int32Array,
  request: TrainRequest,
  batch: number,
): number {
  const { weights, momentum, variance } = state;
  const noise = new Float32Array(rows.length);
  fillUniform(noise, request.seed, NOISE_STREAM + request.step + batch);
  const gradient = new Float32Array(weights.length);
  for (let i = 0; i < weights.length; i++) gradient[i] = (request.scalars?.pull ?? 0) * Math.sign(weights[i]);
  let loss = 0;
  rows.forEach((row, position) => {
    const error = residual(x, y[row] + 0.01 * noise[position], weights, row);
    loss += error * error;
    for (let i = 0; i < weights.length; i++)
      gradient[i] += (2 * error * x[row * weights.length + i]) / rows.length;
  });
  const t = request.step + batch;
  const rate = (request.learningRates[batch] * Math.sqrt(1 - 0.999 ** t)) / (1 - 0.9 ** t);
  for (let i = 0; i < weights.length; i++) {
    momentum[i] = 0.9 * momentum[i] + 0.1 * gradient[i];
    variance[i] = 0.999 * variance[i] + 0.001 * gradient[i] ** 2;
    weights[i] -= (rate * momentum[i]) / (Math.sqrt(variance[i]) + 1e-7);
  }
  return loss / rows.length;
}
