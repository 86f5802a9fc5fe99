/** Trains on ONNX Runtime in worker threads; the calling thread only sends requests. */
import { optimise, trace } from '@hep/graph';
import type { Segment, Signature } from '@hep/graph';
import { connect, startWorker } from '@hep/workers';
import type { Connection } from '@hep/workers';
import { Barrier } from './barrier.ts';
import { resolveDevice } from './devices.ts';
import type { DeviceOptions } from './devices.ts';
import { planModel, segmentsOf, segmentsOfReplicas } from './plan.ts';
import type { ModelPlan } from './plan.ts';
import { requestedScalars, SCALAR_INPUTS } from './program.ts';
import type { Program } from './program.ts';
import type { ReplicaService } from './replica-worker.ts';
import { shareOf } from './exchange.ts';
import { shared } from './shared-data.ts';
import { sumOfTallies } from './tallies.ts';
import './telemetry.ts';
import type { Dataset, Evaluation, HostState, Trainer, TrainRequest, TrainResult } from './trainer.ts';

/**
 * Compiles a program and starts its replicas.
 * @param batchSize rows of a full training batch, from which the number of replicas follows
 * @throws Error when the program cannot be traced or emitted, UserError when the device is not there
 */
export async function createOnnxTrainer(
  program: Program,
  datasets: Readonly<Record<string, Dataset>>,
  options: Partial<DeviceOptions> & { readonly batchSize: number },
): Promise<Trainer> {
  const device = await resolveDevice(options, options.batchSize);
  const state = stateSignature(program.initialState);
  const weights = (program.scalars ?? []).map((name) => [name, { shape: [], dtype: 'float32' }] as const);
  const inputs: Signature = { ...program.inputs, ...SCALAR_INPUTS, ...Object.fromEntries(weights) };
  const step = segmentsOf(optimise(trace(program.step, { inputs, state })), device.replicas);
  const evaluation =
    program.evaluate === undefined
      ? undefined
      : segmentsOf(optimise(trace(program.evaluate, { inputs: program.inputs, state })), 1);
  const steps = segmentsOfReplicas(step, device.replicas);
  const capacity = Math.max(0, ...step.map((segment) => segment.exchanged));
  const barrier = Barrier.create();
  const slots = new SharedArrayBuffer(2 * device.replicas * capacity * 4);
  const vectors = new SharedArrayBuffer(vectorBytes(steps[0]!.at(-1)!));
  const sharedDatasets = Object.fromEntries(
    Object.entries(datasets).map(([name, data]) => [name, shared(data)]),
  );
  const connections = await Promise.all(
    Array.from({ length: device.replicas }, async (_, replica) => {
      const worker = await startWorker(new URL('./replica-worker.ts', import.meta.url));
      const connection = connect<ReplicaService>(worker);
      await connection.call('configure', {
        replica,
        replicas: device.replicas,
        threads: device.threads,
        device: device.device,
        deviceId: device.deviceIds[replica] ?? 0,
        datasets: sharedDatasets,
        state: program.initialState,
        barrier,
        slots,
        capacity,
        vectors,
      });
      return connection;
    }),
  );
  return new OnnxTrainer(
    program,
    device,
    steps,
    evaluation,
    sharedDatasets,
    connections,
    new Barrier(barrier, device.replicas),
  );
}

/** Memory in which replicas tell each other the vectors that they update in parts. */
function vectorBytes({ share }: Segment): number {
  return share === undefined ? 0 : 4 * share.length * share.states.length;
}

function stateSignature(state: HostState): Signature {
  return Object.fromEntries(
    Object.entries(state).map(([name, { shape }]) => [
      name,
      { shape: [...shape], dtype: 'float32' as const },
    ]),
  );
}

class OnnxTrainer implements Trainer {
  readonly description: string;
  private readonly prepared = new Set<string>();

  constructor(
    private readonly program: Program,
    private readonly device: DeviceOptions,
    /** Of each replica. */
    private readonly steps: readonly (readonly Segment[])[],
    private readonly evaluation: readonly Segment[] | undefined,
    private readonly datasets: Readonly<Record<string, Dataset>>,
    private readonly connections: readonly Connection<ReplicaService>[],
    private readonly barrier: Barrier,
  ) {
    const { replicas, threads } = device;
    this.description = `onnxruntime ${device.device}, ${replicas} replica${replicas > 1 ? 's' : ''} x ${threads} thread${threads > 1 ? 's' : ''}`;
  }

  async train(request: TrainRequest): Promise<TrainResult> {
    await this.prepareTraining(request);
    const order = sharedOrder(request.order);
    const scalars = requestedScalars(this.program, request.scalars);
    const results = await this.everywhere(async (connection) => {
      try {
        return await connection.call('train', { ...request, order, scalars });
      } catch (error) {
        // A thread that died wakes nobody.
        this.barrier.abort();
        throw error;
      }
    });
    return { ...results[0]!, tallies: sumOfTallies(results.map(({ tallies }) => tallies)) };
  }

  /** Compiles the models for full batches and for the last, partial one. */
  private async prepareTraining({ dataset, order, batchSize, endBatch }: TrainRequest): Promise<void> {
    const { replicas } = this.device;
    for (const total of new Set([
      batchSize,
      Math.min(batchSize, order.length - (endBatch - 1) * batchSize),
    ])) {
      const shares = this.connections.map((_, replica) => {
        const { first, end } = shareOf(total, replica, replicas);
        return Math.max(1, end - first);
      });
      await this.prepare('train', dataset, this.steps, shares);
    }
  }

  /** Compiles models for `rowsOf[replica]` rows; those that replicas share are planned once. */
  private async prepare(
    kind: 'train' | 'evaluate',
    dataset: string,
    segmentsOf: readonly (readonly Segment[])[],
    rowsOf: readonly number[],
  ): Promise<void> {
    const planned = new Map<Segment, Map<number, ModelPlan>>();
    const planOf = (segment: Segment, index: number, rows: number) => {
      const known = planned.get(segment) ?? new Map<number, ModelPlan>();
      const plan = known.get(rows) ?? planModel(`${this.program.name}-${kind}-${index}`, segment, rows);
      planned.set(segment, known.set(rows, plan));
      return plan;
    };
    const calls = this.connections.map(async (connection, replica) => {
      const rows = rowsOf[replica]!;
      const key = `${kind}/${dataset}/${rows}`;
      if (this.prepared.has(`${replica}/${key}`)) return;
      const plans = segmentsOf[replica]!.map((segment, index) => planOf(segment, index, rows));
      await connection.call('prepare', { key, plans });
      this.prepared.add(`${replica}/${key}`);
    });
    await Promise.all(calls);
  }

  async evaluate(dataset: string, batchSize: number): Promise<Evaluation> {
    const segments = this.evaluation;
    if (segments === undefined) throw new Error(`program ${this.program.name} has no evaluation`);
    const total = this.datasets[dataset]!.rows;
    for (const rows of new Set([
      Math.min(batchSize, total),
      total % batchSize || Math.min(batchSize, total),
    ])) {
      await this.prepare(
        'evaluate',
        dataset,
        this.connections.map(() => segments),
        this.connections.map(() => rows),
      );
    }
    const parts = await this.everywhere((connection) => connection.call('evaluate', { dataset, batchSize }));
    const names = [...new Set(parts.flatMap(({ sums }) => Object.keys(sums)))];
    const means = names.map((name) => [
      name,
      parts.reduce((sum, { sums }) => sum + (sums[name] ?? 0), 0) / total,
    ]);
    return {
      means: Object.fromEntries(means),
      tallies: sumOfTallies(parts.map(({ tallies }) => tallies)),
    };
  }

  async readState(): Promise<HostState> {
    return this.connections[0]!.call('readState', null);
  }

  async writeState(state: HostState): Promise<void> {
    checkState(this.program.initialState, state);
    await this.everywhere((connection) => connection.call('writeState', state));
  }

  async close(): Promise<void> {
    // A thread that died has nothing to release.
    await Promise.allSettled(this.connections.map((connection) => connection.call('release', null)));
    await Promise.all(this.connections.map((connection) => connection.close()));
  }

  /** Calls every replica; the first replica's own error wins over "another replica failed". */
  private async everywhere<T>(call: (connection: Connection<ReplicaService>) => Promise<T>): Promise<T[]> {
    const settled = await Promise.allSettled(this.connections.map(call));
    const failures = settled
      .filter((result) => result.status === 'rejected')
      .map((result) => result.reason as Error);
    if (failures.length > 0) {
      throw failures.find((error) => error.message !== 'another replica failed') ?? failures[0]!;
    }
    return settled.map((result) => (result as PromiseFulfilledResult<T>).value);
  }
}

/** Throws unless `given` has exactly the tensors of `expected`. */
export function checkState(expected: HostState, given: HostState): void {
  for (const name of new Set([...Object.keys(expected), ...Object.keys(given)])) {
    const [want, have] = [expected[name], given[name]];
    if (want === undefined || have === undefined || want.values.length !== have.values.length) {
      throw new Error(
        `state "${name}": expected ${want?.values.length ?? 'no'} elements, found ${have?.values.length ?? 'none'}`,
      );
    }
  }
}

function sharedOrder(order: Int32Array): Int32Array {
  if (order.buffer instanceof SharedArrayBuffer) return order;
  const copy = new Int32Array(new SharedArrayBuffer(order.byteLength));
  copy.set(order);
  return copy;
}
