/**
 * One replica: a session for each segment of the step, its share of every batch, and its own copy of the state,
 * which stays equal to the others' because all of them apply the same averaged gradients.
 */
import type { UpdateShare } from '@hep/graph';
import { Exchange, shareOf } from './exchange.ts';
import type { ExchangeSettings } from './exchange.ts';
import { gatherRows } from './gather-rows.ts';
import type { Feed, ModelPlan } from './plan.ts';
import { PreparedModel } from './session.ts';
import type { SessionSettings } from './session.ts';
import { exchangeName, linkedStages, readsState, runStage } from './stages.ts';
import type { Stage } from './stages.ts';
import { StateMemory } from './state-memory.ts';
import { addTally } from './tallies.ts';
import type { RunningTallies } from './tallies.ts';
import type { Dataset, Evaluation, HostState, TrainRequest, TrainResult } from './trainer.ts';

export interface ReplicaSettings extends SessionSettings, ExchangeSettings {
  readonly datasets: Readonly<Record<string, Dataset>>;
  readonly state: HostState;
}

/** Seed of a step: the run's seed and the step number, mixed into 32 bits. */
export function stepSeed(seed: number, step: number): number {
  return (seed ^ Math.imul(step, 0x9e3779b1)) | 0;
}

/** A replica's share of a batch. */
interface Batch {
  readonly stages: readonly Stage[];
  readonly dataset: string;
  /** Rows of the data set. */
  readonly indices: Int32Array;
  /** Place of the first of them in the batch. */
  readonly firstRow: number;
  /** Rows of the whole batch. */
  readonly total: number;
  readonly scalars: Readonly<Record<string, number>>;
}

/** A replica's part of an evaluation: sums instead of means. */
export interface EvaluationSums extends Pick<Evaluation, 'tallies'> {
  readonly sums: Readonly<Record<string, number>>;
}

export class Replica {
  private readonly state: StateMemory;
  private readonly exchange: Exchange;
  private readonly stages = new Map<string, readonly Stage[]>();
  /** Vectors of the state that are current in this replica's part alone. */
  private incomplete: { readonly share: UpdateShare; readonly names: readonly string[] } | null = null;

  constructor(private readonly settings: ReplicaSettings) {
    this.state = new StateMemory(settings.state);
    this.exchange = new Exchange(settings);
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
    const { firstBatch, endBatch } = request;
    const count = endBatch - firstBatch;
    const rows = new Int32Array(count);
    const outputs: Record<string, Float64Array> = {};
    const tallies: RunningTallies = {};
    let batch: Batch | undefined;
    let badBatch = -1;
    for (let index = 0; index < count && badBatch < 0; index++) {
      if (batch === undefined) this.fill((batch = this.batchAt(request, index)));
      rows[index] = batch.total;
      const results = await this.compute(batch, tallies);
      for (const [name, value] of Object.entries(results)) {
        outputs[name] ??= new Float64Array(count).fill(Number.NaN);
        outputs[name][index] = value;
        if (!Number.isFinite(value)) badBatch = firstBatch + index;
      }
      batch = this.finishStep(batch, index + 1 < count ? this.batchAt(request, index + 1) : undefined);
    }
    this.completeState();
    return { outputs, tallies, rows, badBatch };
  }

  private batchAt(request: TrainRequest, index: number): Batch {
    const { order, batchSize, firstBatch, dataset } = request;
    const { replica, replicas } = this.settings;
    const start = (firstBatch + index) * batchSize;
    const total = Math.min(batchSize, order.length - start);
    const share = shareOf(total, replica, replicas);
    const key = `train/${dataset}/${Math.max(1, share.end - share.first)}`;
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
    const isEmpty = share.first === share.end;
    const indices = order.subarray(start + (isEmpty ? 0 : share.first), start + Math.max(share.end, 1));
    return { stages, dataset, indices, firstRow: share.first, total, scalars };
  }

  /** Runs the models of a batch whose operands are filled; the scalar results. */
  private async compute({ stages, total }: Batch, tallies: RunningTallies): Promise<Record<string, number>> {
    const { replica, replicas } = this.settings;
    const { first, end } = shareOf(total, replica, replicas);
    const outputs: Record<string, number> = {};
    for (const [position, stage] of stages.entries()) {
      const { model } = stage;
      this.bindState(model);
      await runStage(stage);
      if (model.plan.exchanged > 0) this.average(model, stages[position + 1]!.model, total);
      for (const { name, shape, sink } of model.plan.fetches) {
        if (sink.kind !== 'output') continue;
        const numbers = model.memory.get(name) as Float32Array;
        if (shape.length === 0) outputs[sink.output] = numbers[0]!;
        else if (end > first) addTally(tallies, sink.output, numbers);
      }
    }
    return outputs;
  }

  /**
   * Makes the next state the current one. Where replicas divide the update they tell each other what they made, and fill
   * the operands of the next batch while they wait; that batch is returned.
   */
  private finishStep({ stages }: Batch, next: Batch | undefined): Batch | undefined {
    for (const { model } of stages) {
      for (const { sink } of model.plan.fetches) if (sink.kind === 'next') this.state.advance(sink.state);
    }
    const { share } = stages.at(-1)!.model.plan;
    if (share === undefined) return undefined;
    const isRead = (name: string) => stages.slice(0, -1).some(({ model }) => readsState(model, name));
    this.complete(share, share.states.filter(isRead), () => {
      if (next !== undefined) this.fill(next);
    });
    this.incomplete = { share, names: share.states.filter((name) => !isRead(name)) };
    return next;
  }

  /** After a stretch every replica has the whole state. */
  private completeState(): void {
    if (this.incomplete !== null) this.complete(this.incomplete.share, this.incomplete.names);
    this.incomplete = null;
  }

  private complete(share: UpdateShare, names: readonly string[], meanwhile?: () => void): void {
    const vectors = names.map((name) => [name, this.state.values(name)]);
    this.exchange.complete(share, Object.fromEntries(vectors), meanwhile);
  }

  /** Puts everything but the state into the operands of the models of a batch. */
  private fill({ stages, dataset, indices, scalars, firstRow }: Batch): void {
    for (const { model } of stages) this.fillModel(model, dataset, indices, scalars, firstRow);
  }

  private fillModel(
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
      else if (source.kind === 'random') {
        model.draw(name, source, scalars[source.seedScalar]!, firstRow * source.elementsPerRow);
      }
    }
  }

  /** Lends a model the current state and the memory of the next one. */
  private bindState({ plan, feeds, fetches }: PreparedModel): void {
    for (const { name, source } of plan.feeds) {
      if (source.kind === 'state') feeds[name] = this.state.currentTensor(source.state, plan.share);
    }
    for (const { name, sink } of plan.fetches) {
      if (sink.kind === 'next') fetches[name] = this.state.nextTensor(sink.state, plan.share);
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
    gatherRows(from, indices, model.memory.get(feed.name)!);
  }

  /** Averages what a model has to exchange, as far as the next one needs it. */
  private average(model: PreparedModel, next: PreparedModel, rows: number): void {
    const own = model.memory.get(exchangeName(model)) as Float32Array;
    const stretches = next.plan.share?.received ?? [{ first: 0, end: model.plan.exchanged }];
    this.exchange.average(own, rows, stretches, next.memory.get('in/reduced') as Float32Array);
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
        this.fillModel(model, dataset, indices, { learningRate: 0, step: 0, seed: 0 }, start);
        this.bindState(model);
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
    return this.state.read();
  }

  writeState(state: HostState): void {
    this.state.write(state);
  }

  abort(): void {
    this.exchange.abort();
  }

  async release(): Promise<void> {
    for (const stages of this.stages.values()) for (const { model } of stages) await model.release();
    this.stages.clear();
  }
}
