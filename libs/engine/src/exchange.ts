/** What replicas tell each other through shared memory: averages of gradients, and the parts of vectors that each updated. */
import type { Stretch, UpdateShare } from '@hep/graph';
import { Barrier } from './barrier.ts';

/** Memory that all replicas share. */
export interface ExchangeSettings {
  readonly replica: number;
  readonly replicas: number;
  readonly barrier: SharedArrayBuffer;
  /** Gradients and other numbers to average, float32: [parity][replica][capacity]. */
  readonly slots: SharedArrayBuffer;
  readonly capacity: number;
  /** Vectors of the state that replicas update in parts, float32: [vector][element]. */
  readonly vectors: SharedArrayBuffer;
}

/** Rows [first, end) of a batch of `rows` rows that replica `replica` of `replicas` takes. */
export function shareOf(rows: number, replica: number, replicas: number): { first: number; end: number } {
  const base = Math.floor(rows / replicas);
  const extra = rows % replicas;
  const first = replica * base + Math.min(replica, extra);
  return { first, end: first + base + (replica < extra ? 1 : 0) };
}

/** One replica's side. Every method returns when all replicas have called it, and throws when one of them failed. */
export class Exchange {
  private readonly barrier: Barrier;
  private readonly slots: Float32Array[][];
  /** Numbers of one exchange may still be read while those of the next are written. */
  private parity = 0;

  constructor(private readonly settings: ExchangeSettings) {
    const { replicas, capacity, slots, barrier } = settings;
    this.barrier = new Barrier(barrier, replicas);
    this.slots = [0, 1].map((parity) =>
      Array.from(
        { length: replicas },
        (_, replica) => new Float32Array(slots, 4 * (parity * replicas + replica) * capacity, capacity),
      ),
    );
  }

  /**
   * Averages over replicas, each weighted by its rows, added up in the same order everywhere.
   * @param own numbers of this replica
   * @param rows of the whole batch
   * @param stretches elements of the average that are wanted; they come one after the other
   */
  average(own: Float32Array, rows: number, stretches: readonly Stretch[], result: Float32Array): void {
    const { replica, replicas } = this.settings;
    const slots = this.slots[this.parity]!;
    slots[replica]!.set(own);
    this.barrier.wait();
    let at = 0;
    for (const { first, end } of stretches) {
      slots.forEach((slot, other) => {
        const share = shareOf(rows, other, replicas);
        const target = result.subarray(at, at + end - first);
        addWeighted(target, slot.subarray(first, end), (share.end - share.first) / rows, other === 0);
      });
      at += end - first;
    }
    this.parity = 1 - this.parity;
  }

  /**
   * Completes vectors of which every replica has its own part alone.
   * @param vectors by name
   * @param meanwhile is done before the others' parts are waited for
   */
  complete(
    share: UpdateShare,
    vectors: Readonly<Record<string, Float32Array>>,
    meanwhile?: () => void,
  ): void {
    const { first, end, length, states } = share;
    const pairs = Object.entries(vectors).map(([name, own]) => ({
      own,
      shared: new Float32Array(this.settings.vectors, 4 * length * states.indexOf(name), length),
    }));
    for (const { own, shared } of pairs) shared.set(own.subarray(first, end), first);
    const round = this.barrier.arrive();
    meanwhile?.();
    this.barrier.leave(round);
    for (const { own, shared } of pairs) {
      own.set(shared.subarray(0, first));
      own.set(shared.subarray(end), end);
    }
  }

  abort(): void {
    this.barrier.abort();
  }
}

/** Adds a vector times a weight, each product rounded to float32; of weight zero, nothing, whatever the vector holds. */
function addWeighted(sum: Float32Array, vector: Float32Array, weight: number, isFirst: boolean): void {
  if (isFirst) for (let k = 0; k < sum.length; k++) sum[k] = weight === 0 ? 0 : vector[k]! * weight;
  else if (weight !== 0) for (let k = 0; k < sum.length; k++) sum[k]! += Math.fround(vector[k]! * weight);
}
