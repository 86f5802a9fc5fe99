/**
 * One replica: a session for each segment of the step, its share of every batch, and its own copy of the state,
 * which stays equal to the others' because all of them apply the same averaged gradients.
 */
import { hostFunction } from '@hep/graph/host';
import type { HostFunction } from '@hep/graph/host';
import { Barrier } from './barrier.ts';
import type { Feed, ModelPlan } from './plan.ts';
import { allocate, operand, PreparedModel } from './session.ts';
import type { SessionSettings } from './session.ts';
import { addTally } from './tallies.ts';
import type { RunningTallies } from './tallies.ts';
import type { Dataset, Evaluation, HostState, TrainRequest, TrainResult } from './trainer.ts';
import type * as ort from 'onnxruntime-node';

/** Numbers of a row from which copying it as a block is faster than one by one. */
const WIDE_ROW = 16;

export interface ReplicaSettings extends SessionSettings {
  readonly replica: number;
  readonly replicas: number;
  readonly datasets: Readonly<Record<string, Dataset>>;
  readonly state: HostState;
  readonly barrier: SharedArrayBuffer;
  /** Exchange slots, float32: [parity][replica][capacity]. */
  readonly slots: SharedArrayBuffer;
  readonly capacity: number;
}

/** Rows [first, end) of a batch of `rows` rows that replica `replica` of `replicas` takes. */
export function shareOf(rows: number, replica: number, replicas: number): { first: number; end: number } {
  const base = Math.floor(rows / replicas);
  const extra = rows % replicas;
  const first = replica * base + Math.min(replica, extra);
  return { first, end: first + base + (replica < extra ? 1 : 0) };
}

/** Seed of a step: the run's seed and the step number, mixed into 32 bits. */
export function stepSeed(seed: number, step: number): number {
  return (seed ^ Math.imul(step, 0x9e3779b1)) | 0;
}

/** Where a batch begins in the order, how many rows it has, and where its tallies go. */
interface BatchPlace {
  readonly start: number;
  readonly total: number;
  readonly tallies: RunningTallies;
}

/** A replica's part of an evaluation: sums instead of means. */
export interface EvaluationSums extends Pick<Evaluation, 'tallies'> {
  readonly sums: Readonly<Record<string, number>>;
}

/** A model and what the host does with its results before the next one runs. */
interface Stage {
  readonly model: PreparedModel;
  readonly hostSteps: readonly HostStep[];
}

interface HostStep {
  readonly compute: HostFunction;
  readonly operands: readonly Float32Array[];
  readonly results: readonly Float32Array[];
}

/** A state tensor in two buffers: the step reads one and writes the other. */
interface StateBuffers {
  readonly tensors: [ort.Tensor, ort.Tensor];
  readonly values: [Float32Array, Float32Array];
}

export class Replica {
  private readonly state = new Map<string, StateBuffers>();
  private readonly stages = new Map<string, readonly Stage[]>();
  private readonly barrier: Barrier;
  private readonly slots: Float32Array[][];
  /** Which of the two buffers of a state tensor is current. */
  private readonly current = new Map<string, 0 | 1>();
  private parity: 0 | 1 = 0;

  constructor(private readonly settings: ReplicaSettings) {
    const { replicas, capacity, slots } = settings;
    this.barrier = new Barrier(settings.barrier, replicas);
    this.slots = [0, 1].map((parity) =>
      Array.from(
        { length: replicas },
        (_, replica) => new Float32Array(slots, 4 * (parity * replicas + replica) * capacity, capacity),
      ),
    );
    for (const [name, { shape, values }] of Object.entries(settings.state)) {
      const pair: [Float32Array, Float32Array] = [Float32Array.from(values), new Float32Array(values.length)];
      const tensors = pair.map((data) => operand('float32', shape, data)) as [ort.Tensor, ort.Tensor];
      this.state.set(name, { tensors, values: pair });
      this.current.set(name, 0);
    }
  }

  /** Compiles the models of `key`, once. */
  async prepare(key: string, plans: readonly ModelPlan[]): Promise<void> {
    if (this.stages.has(key)) return;
    const prepared: PreparedModel[] = [];
    for (const plan of plans) prepared.push(await PreparedModel.create(plan, this.settings));
    this.stages.set(key, linkedStages(prepared));
  }

  /** Runs its share of a stretch of batches. Throws when another replica failed. */
  async train(request: TrainRequest): Promise<TrainResult> {
    const { order, batchSize, firstBatch, endBatch } = request;
    const count = endBatch - firstBatch;
    const rows = new Int32Array(count);
    const outputs: Record<string, Float64Array> = {};
    const tallies: RunningTallies = {};
    for (let index = 0; index < count; index++) {
      const start = (firstBatch + index) * batchSize;
      const total = Math.min(batchSize, order.length - start);
      rows[index] = total;
      const results = await this.trainBatch(request, index, { start, total, tallies });
      let finite = true;
      for (const [name, value] of Object.entries(results)) {
        outputs[name] ??= new Float64Array(count).fill(Number.NaN);
        outputs[name][index] = value;
        finite &&= Number.isFinite(value);
      }
      if (!finite) return { outputs, tallies, rows, badBatch: firstBatch + index };
    }
    return { outputs, tallies, rows, badBatch: -1 };
  }

  private async trainBatch(
    request: TrainRequest,
    index: number,
    { start, total, tallies }: BatchPlace,
  ): Promise<Record<string, number>> {
    const { replica, replicas } = this.settings;
    const share = shareOf(total, replica, replicas);
    const rows = share.end - share.first;
    const key = `train/${request.dataset}/${Math.max(1, rows)}`;
    const stages = this.stages.get(key);
    if (stages === undefined) throw new Error(`no models for ${key}`);
    const step = request.step + index;
    const scalars = {
      ...request.scalars,
      learningRate: request.learningRates[index]!,
      step,
      seed: stepSeed(request.seed, step),
    };
    // A replica without rows repeats the first row of the batch with weight zero.
    const indices = request.order.subarray(
      start + (rows === 0 ? 0 : share.first),
      start + Math.max(share.end, 1),
    );
    const outputs: Record<string, number> = {};
    const written: string[] = [];
    for (const [position, stage] of stages.entries()) {
      const { model } = stage;
      this.fill(model, request.dataset, indices, scalars, share.first);
      await runStage(stage);
      if (model.plan.exchanged > 0) this.exchange(model, stages[position + 1]!.model, rows / total);
      for (const { name, shape, sink } of model.plan.fetches) {
        if (sink.kind === 'output') {
          const numbers = model.memory.get(name) as Float32Array;
          if (shape.length === 0) outputs[sink.output] = numbers[0]!;
          else if (rows > 0) addTally(tallies, sink.output, numbers);
        }
        if (sink.kind === 'next') written.push(sink.state);
      }
    }
    for (const name of written) this.current.set(name, this.current.get(name) === 0 ? 1 : 0);
    return outputs;
  }

  /** Puts everything that changes from batch to batch into the operands of a model. */
  private fill(
    model: PreparedModel,
    dataset: string,
    indices: Int32Array,
    scalars: Readonly<Record<string, number>>,
    firstRow: number,
  ): void {
    for (const feed of model.plan.feeds) {
      const { source, name } = feed;
      if (source.kind === 'column') this.gather(model, feed, dataset, source.column, indices);
      else if (source.kind === 'scalar') model.memory.get(name)![0] = scalars[source.scalar]!;
      else if (source.kind === 'state') {
        model.feeds[name] = this.state.get(source.state)!.tensors[this.current.get(source.state)!];
      } else if (source.kind === 'random') {
        model.draw(name, source, scalars[source.seedScalar]!, firstRow * source.elementsPerRow);
      }
    }
    for (const { name, sink } of model.plan.fetches) {
      if (sink.kind !== 'next') continue;
      model.fetches[name] = this.state.get(sink.state)!.tensors[this.current.get(sink.state) === 0 ? 1 : 0];
    }
  }

  private gather(
    model: PreparedModel,
    feed: Feed,
    dataset: string,
    column: string,
    indices: Int32Array,
  ): void {
    const from = this.settings.datasets[dataset]?.columns[column];
    if (from === undefined) throw new Error(`data set "${dataset}" has no column "${column}"`);
    const out = model.memory.get(feed.name)!;
    const width = from.rowShape.reduce((product, dim) => product * dim, 1);
    const { values, picks } = from;
    for (let row = 0; row < indices.length; row++) {
      const base = (picks === undefined ? indices[row]! : picks[indices[row]!]!) * width;
      if (width >= WIDE_ROW) out.set(values.subarray(base, base + width), row * width);
      else for (let i = 0; i < width; i++) out[row * width + i] = values[base + i]!;
    }
  }

  /** Averages the exchange vector over replicas, in the same order everywhere. */
  private exchange(model: PreparedModel, next: PreparedModel, weight: number): void {
    const { replica } = this.settings;
    const mine = model.memory.get(exchangeName(model))! as Float32Array;
    const size = model.plan.exchanged;
    const slots = this.slots[this.parity]!;
    const slot = slots[replica]!;
    for (let i = 0; i < size; i++) slot[i] = weight === 0 ? 0 : mine[i]! * weight;
    this.barrier.wait();
    const reduced = next.memory.get('in/reduced')! as Float32Array;
    reduced.set(slots[0]!.subarray(0, size));
    for (let other = 1; other < slots.length; other++) {
      const addend = slots[other]!;
      for (let i = 0; i < size; i++) reduced[i]! += addend[i]!;
    }
    this.parity = this.parity === 0 ? 1 : 0;
  }

  /** Sums over its batches, of means times rows; batches are dealt out to the replicas in turn. */
  async evaluate(dataset: string, batchSize: number): Promise<EvaluationSums> {
    const { replica, replicas, datasets } = this.settings;
    const total = datasets[dataset]!.rows;
    const sums: Record<string, number> = {};
    const tallies: RunningTallies = {};
    for (let start = replica * batchSize; start < total; start += replicas * batchSize) {
      const rows = Math.min(batchSize, total - start);
      const indices = Int32Array.from({ length: rows }, (_, row) => start + row);
      for (const stage of this.stages.get(`evaluate/${dataset}/${rows}`)!) {
        const { model } = stage;
        this.fill(model, dataset, indices, { learningRate: 0, step: 0, seed: 0 }, start);
        await runStage(stage);
        for (const { name, shape, sink } of model.plan.fetches) {
          if (sink.kind !== 'output') continue;
          const numbers = model.memory.get(name) as Float32Array;
          if (shape.length > 0) addTally(tallies, sink.output, numbers);
          else sums[sink.output] = (sums[sink.output] ?? 0) + rows * numbers[0]!;
        }
      }
    }
    return { sums, tallies };
  }

  readState(): HostState {
    return Object.fromEntries(
      [...this.state].map(([name, { tensors, values }]) => [
        name,
        { shape: [...tensors[0].dims], values: values[this.current.get(name)!].slice() },
      ]),
    );
  }

  writeState(state: HostState): void {
    for (const [name, { values }] of Object.entries(state)) {
      this.state.get(name)!.values[this.current.get(name)!].set(values);
    }
  }

  abort(): void {
    this.barrier.abort();
  }

  async release(): Promise<void> {
    for (const stages of this.stages.values()) for (const { model } of stages) await model.release();
    this.stages.clear();
  }
}

function exchangeName(model: PreparedModel): string {
  return model.plan.fetches.find((fetch) => fetch.sink.kind === 'exchange')!.name;
}

async function runStage({ model, hostSteps }: Stage): Promise<void> {
  await model.run();
  for (const { compute, operands, results } of hostSteps) compute(operands, results);
}

/** Connects carried results of models and of the host with the operands of later ones: the same memory. */
function linkedStages(models: readonly PreparedModel[]): Stage[] {
  const carried = new Map<string, ort.Tensor>();
  return models.map((model) => {
    for (const { name, source } of model.plan.feeds) {
      if (source.kind === 'carried') model.feeds[name] = carried.get(source.key)!;
    }
    for (const { name, sink } of model.plan.fetches) {
      if (sink.kind === 'carried') carried.set(sink.key, model.fetches[name]!);
    }
    const numbers = (key: string) => carried.get(key)!.data as Float32Array;
    const hostSteps = model.plan.hostCalls.map(({ op, attributes, operands, results }): HostStep => {
      for (const { key, dtype, shape } of results)
        carried.set(key, operand(dtype, shape, allocate(dtype, shape)));
      return {
        compute: hostFunction(op, attributes),
        operands: operands.map(numbers),
        results: results.map(({ key }) => numbers(key)),
      };
    });
    return { model, hostSteps };
  });
}
