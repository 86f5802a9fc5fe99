/** Runs a program operation by operation on a tfjs backend: the oracle in tests, and tfjs-node where installed. */
import { tf } from '@hep/graph';
import { UserError } from '@hep/options';
import { checkState } from './onnx-trainer.ts';
import { requestedScalars } from './program.ts';
import type { Program } from './program.ts';
import { stepSeed } from './replica.ts';
import { addTally } from './tallies.ts';
import type { RunningTallies } from './tallies.ts';
import type { Dataset, Evaluation, HostState, Trainer, TrainRequest, TrainResult } from './trainer.ts';

/** Options of `createEagerTrainer`. */
export interface EagerOptions {
  /** tfjs backend: `cpu` is always there; `tensorflow` comes with tfjs-node(-gpu). Default `cpu`. */
  readonly backend?: 'cpu' | 'tensorflow';
}

type Tensors = Record<string, tf.Tensor>;

/**
 * Trainer without compilation. It computes on the calling thread and gives way to the event loop after each batch.
 * @throws UserError when `tensorflow` is asked for and neither tfjs-node-gpu nor tfjs-node is installed
 */
export async function createEagerTrainer(
  program: Program,
  datasets: Readonly<Record<string, Dataset>>,
  options: EagerOptions = {},
): Promise<Trainer> {
  const backend = options.backend ?? 'cpu';
  if (backend === 'tensorflow') await loadTensorFlow();
  await tf.setBackend(backend);
  return new EagerTrainer(program, datasets, backend);
}

/** Loads the native backend; the GPU package first. The specifiers are variables so that bundlers leave them. */
async function loadTensorFlow(): Promise<void> {
  for (const name of ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node']) {
    try {
      await import(name);
      return;
    } catch {
      continue;
    }
  }
  throw new UserError(
    'engine tfjs: neither @tensorflow/tfjs-node-gpu nor @tensorflow/tfjs-node can be loaded; ' +
      'install one of them beside this package, or use --engine onnx',
  );
}

class EagerTrainer implements Trainer {
  readonly description: string;
  private state: Tensors = {};

  constructor(
    private readonly program: Program,
    private readonly datasets: Readonly<Record<string, Dataset>>,
    private readonly backend: string,
  ) {
    this.description = `tfjs ${backend}, eager`;
    this.load(program.initialState);
  }

  private load(state: HostState): void {
    tf.dispose(this.state);
    this.state = Object.fromEntries(
      Object.entries(state).map(([name, { shape, values }]) => [name, tf.tensor(values.slice(), [...shape])]),
    );
  }

  async train(request: TrainRequest): Promise<TrainResult> {
    const count = request.endBatch - request.firstBatch;
    const rows = new Int32Array(count);
    const outputs: Record<string, Float64Array> = {};
    const tallies: RunningTallies = {};
    for (let index = 0; index < count; index++) {
      await tf.setBackend(this.backend);
      const start = (request.firstBatch + index) * request.batchSize;
      const indices = request.order.subarray(start, start + request.batchSize);
      rows[index] = indices.length;
      const step = request.step + index;
      const values = scalarsOf(this.step(request, indices, index, step), tallies);
      for (const [name, value] of Object.entries(values)) {
        (outputs[name] ??= new Float64Array(count).fill(Number.NaN))[index] = value;
      }
      if (!Object.values(values).every(Number.isFinite)) {
        return { outputs, tallies, rows, badBatch: request.firstBatch + index };
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    return { outputs, tallies, rows, badBatch: -1 };
  }

  private step(request: TrainRequest, indices: Int32Array, index: number, step: number): Tensors {
    const next = tf.tidy(() => {
      const scalars = Object.entries(requestedScalars(this.program, request.scalars));
      const inputs = {
        ...this.rows(request.dataset, indices),
        ...Object.fromEntries(scalars.map(([name, value]) => [name, tf.scalar(value)])),
        learningRate: tf.scalar(request.learningRates[index]!),
        step: tf.scalar(step),
        seed: tf.scalar(stepSeed(request.seed, step), 'int32'),
      };
      const { outputs, state } = this.program.step({ ...this.state }, inputs);
      return { outputs, state: { ...this.state, ...state } };
    }) as { outputs: Tensors; state: Tensors };
    for (const [name, tensor] of Object.entries(this.state))
      if (next.state[name] !== tensor) tensor.dispose();
    this.state = next.state;
    return next.outputs;
  }

  private rows(dataset: string, indices: Int32Array): Tensors {
    const { columns } = this.datasets[dataset]!;
    return Object.fromEntries(
      Object.keys(this.program.inputs).map((name) => {
        const { rowShape, values, picks } = columns[name]!;
        const width = rowShape.reduce((product, dim) => product * dim, 1);
        const batch = new Float32Array(indices.length * width);
        indices.forEach((index, target) => {
          const row = picks === undefined ? index : picks[index];
          batch.set(values.subarray(row * width, (row + 1) * width), target * width);
        });
        return [name, tf.tensor(batch, [indices.length, ...rowShape])];
      }),
    );
  }

  async evaluate(dataset: string, batchSize: number): Promise<Evaluation> {
    const { evaluate } = this.program;
    if (evaluate === undefined) throw new Error(`program ${this.program.name} has no evaluation`);
    const total = this.datasets[dataset]!.rows;
    const sums: Record<string, number> = {};
    const tallies: RunningTallies = {};
    for (let start = 0; start < total; start += batchSize) {
      await tf.setBackend(this.backend);
      const rows = Math.min(batchSize, total - start);
      const indices = Int32Array.from({ length: rows }, (_, row) => start + row);
      const outputs = tf.tidy(() => evaluate({ ...this.state }, this.rows(dataset, indices)).outputs);
      for (const [name, value] of Object.entries(scalarsOf(outputs, tallies)))
        sums[name] = (sums[name] ?? 0) + rows * value;
      await new Promise((resolve) => setImmediate(resolve));
    }
    const means = Object.entries(sums).map(([name, sum]) => [name, sum / total]);
    return { means: Object.fromEntries(means), tallies };
  }

  async readState(): Promise<HostState> {
    return Object.fromEntries(
      Object.entries(this.state).map(([name, tensor]) => [
        name,
        { shape: [...tensor.shape], values: (tensor.dataSync() as Float32Array).slice() },
      ]),
    );
  }

  async writeState(state: HostState): Promise<void> {
    checkState(this.program.initialState, state);
    this.load(state);
  }

  async close(): Promise<void> {
    tf.dispose(this.state);
    this.state = {};
  }
}

/** Reads results and frees them: scalars are returned, others added to the tallies. */
function scalarsOf(outputs: Tensors, tallies: RunningTallies): Record<string, number> {
  const scalars: Record<string, number> = {};
  for (const [name, tensor] of Object.entries(outputs)) {
    const numbers = tensor.dataSync() as Float32Array;
    if (tensor.rank === 0) scalars[name] = numbers[0]!;
    else addTally(tallies, name, numbers);
    tensor.dispose();
  }
  return scalars;
}
