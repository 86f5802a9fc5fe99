/** One ONNX Runtime session with operands that are allocated once and reused in every run. */
import * as ort from 'onnxruntime-node';
import type { DType } from '@hep/graph';
import { fillUniform, MaskMemory } from '@hep/graph/random';
import type { Feed, Fetch, ModelPlan } from './plan.ts';

/** Where and how wide a session runs. */
export interface SessionSettings {
  readonly threads: number;
  readonly device: 'cpu' | 'cuda';
  readonly deviceId: number;
}

/** Memory of an operand: float32, int32 or bool. */
export type HostArray = Float32Array | Int32Array | Uint8Array;

const sizeOf = (shape: readonly number[]) => shape.reduce((product, dim) => product * dim, 1);

const isMask = ({ source }: Feed) => source.kind === 'random' && source.rate !== undefined;

type RandomSource = Extract<Feed['source'], { kind: 'random' }>;

/** Array of zeros for a dtype and shape. */
export function allocate(dtype: DType, shape: readonly number[]): HostArray {
  const size = sizeOf(shape);
  if (dtype === 'float32') return new Float32Array(size);
  return dtype === 'int32' ? new Int32Array(size) : new Uint8Array(size);
}

/** A view of host memory that ONNX Runtime reads or writes in place. */
export function operand(dtype: DType, shape: readonly number[], data: HostArray): ort.Tensor {
  return new ort.Tensor(dtype, data as never, [...shape]);
}

/** Creates a session; spinning threads and denormal numbers cost more than they bring. */
export async function createSession(
  model: Uint8Array,
  settings: SessionSettings,
): Promise<ort.InferenceSession> {
  return ort.InferenceSession.create(model, {
    intraOpNumThreads: settings.threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    executionProviders:
      settings.device === 'cuda' ? [{ name: 'cuda', deviceId: settings.deviceId }] : ['cpu'],
    extra: { session: { intra_op: { allow_spinning: '0' }, set_denormal_as_zero: '1' } },
  });
}

/** A model with the memory of its operands; state operands are lent by the replica. */
export class PreparedModel {
  readonly feeds: Record<string, ort.Tensor> = {};
  readonly fetches: Record<string, ort.Tensor> = {};
  readonly memory = new Map<string, HostArray>();
  private readonly masks: MaskMemory;

  private constructor(
    readonly plan: ModelPlan,
    private readonly session: ort.InferenceSession,
  ) {
    const masks = plan.feeds.filter(isMask);
    this.masks = new MaskMemory(masks.map(({ shape }) => sizeOf(shape)));
    masks.forEach((feed, index) => this.own(this.feeds, feed, this.masks.masks[index]!));
    for (const feed of plan.feeds) {
      const { kind } = feed.source;
      if (kind !== 'state' && kind !== 'carried' && !isMask(feed)) this.own(this.feeds, feed);
    }
    for (const fetch of plan.fetches) {
      if (fetch.sink.kind !== 'next') this.own(this.fetches, fetch);
    }
  }

  static async create(plan: ModelPlan, settings: SessionSettings): Promise<PreparedModel> {
    return new PreparedModel(plan, await createSession(plan.model, settings));
  }

  private own(
    group: Record<string, ort.Tensor>,
    { name, dtype, shape }: Feed | Fetch,
    data: HostArray = allocate(dtype, shape),
  ): void {
    this.memory.set(name, data);
    group[name] = operand(dtype, shape, data);
  }

  /** Draws the random numbers of a feed; the first one has number `firstIndex` of its stream. */
  draw(name: string, { rate, stream }: RandomSource, seed: number, firstIndex: number): void {
    const out = this.memory.get(name) as Float32Array;
    if (rate === undefined) fillUniform(out, seed, stream, firstIndex);
    else this.masks.fill(out, rate, seed, stream, firstIndex);
  }

  async run(): Promise<void> {
    await this.session.run(this.feeds, this.fetches);
  }

  async release(): Promise<void> {
    await this.session.release();
  }
}
