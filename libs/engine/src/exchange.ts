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
    const terms = slots.flatMap((slot, other): Term[] => {
      const share = shareOf(rows, other, replicas);
      // What a replica without rows holds does not count, not even when it is not finite.
      return share.end > share.first ? [{ slot, weight: (share.end - share.first) / rows }] : [];
    });
    let at = 0;
    for (const { first, end } of stretches) {
      const cut = terms.map(({ slot, weight }) => ({ slot: slot.subarray(first, end), weight }));
      addUp(cut, result.subarray(at, at + end - first));
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

interface Term {
  readonly slot: Float32Array;
  readonly weight: number;
}

/** Sum of weighted vectors from the first to the last, each product and each sum rounded to float32. */
function addUp([first, second, ...rest]: readonly Term[], sum: Float32Array): void {
  if (second === undefined) for (let k = 0; k < sum.length; k++) sum[k] = first!.slot[k]! * first!.weight;
  else addBoth(first!, second, sum);
  for (const { slot, weight } of rest) {
    for (let k = 0; k < sum.length; k++) sum[k]! += Math.fround(slot[k]! * weight);
  }
}

/** The first two at once: two replicas pass over their gradients a single time. */
function addBoth({ slot: a, weight: p }: Term, { slot: b, weight: q }: Term, sum: Float32Array): void {
  for (let k = 0; k < sum.length; k++) sum[k] = Math.fround(a[k]! * p) + Math.fround(b[k]! * q);
}
