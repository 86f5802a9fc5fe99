/** The state of a replica in memory: every tensor twice, since a step reads one and writes the other. */
import type { UpdateShare } from '@hep/graph';
import type * as ort from 'onnxruntime-node';
import { operand } from './session.ts';
import type { HostState } from './trainer.ts';

type Pair<T> = readonly [T, T];

interface Entry {
  readonly shape: readonly number[];
  readonly values: Pair<Float32Array>;
  readonly tensors: Pair<ort.Tensor>;
  /** Which of the two is current. */
  current: 0 | 1;
  /** The elements that the replica updates, where these are not all. */
  parts?: Pair<ort.Tensor>;
}

export class StateMemory {
  private readonly entries = new Map<string, Entry>();

  constructor(state: HostState) {
    for (const [name, { shape, values }] of Object.entries(state)) {
      const pair = [Float32Array.from(values), new Float32Array(values.length)] as const;
      this.entries.set(name, { shape, values: pair, tensors: tensorsOf(shape, pair), current: 0 });
    }
  }

  /** The current numbers of an entry. */
  values(name: string): Float32Array {
    const { values, current } = this.entry(name);
    return values[current];
  }

  /** What a model reads of an entry: all of it, or the elements of its share. */
  currentTensor(name: string, share?: UpdateShare): ort.Tensor {
    const entry = this.entry(name);
    return lent(entry, name, share)[entry.current];
  }

  /** Where a model writes the next numbers of an entry. */
  nextTensor(name: string, share?: UpdateShare): ort.Tensor {
    const entry = this.entry(name);
    return lent(entry, name, share)[entry.current === 0 ? 1 : 0];
  }

  /** Makes the next numbers of an entry the current ones. */
  advance(name: string): void {
    const entry = this.entry(name);
    entry.current = entry.current === 0 ? 1 : 0;
  }

  read(): HostState {
    return Object.fromEntries(
      [...this.entries].map(([name, { shape, values, current }]) => [
        name,
        { shape: [...shape], values: values[current].slice() },
      ]),
    );
  }

  write(state: HostState): void {
    for (const [name, { values }] of Object.entries(state)) this.values(name).set(values);
  }

  private entry(name: string): Entry {
    const entry = this.entries.get(name);
    if (entry === undefined) throw new Error(`the state has no ${name}`);
    return entry;
  }
}

function tensorsOf(shape: readonly number[], [even, odd]: Pair<Float32Array>): Pair<ort.Tensor> {
  return [operand('float32', shape, even), operand('float32', shape, odd)];
}

function lent(entry: Entry, name: string, share?: UpdateShare): Pair<ort.Tensor> {
  if (!share?.states.includes(name)) return entry.tensors;
  const { first, end } = share;
  const [even, odd] = entry.values;
  entry.parts ??= tensorsOf([end - first], [even.subarray(first, end), odd.subarray(first, end)]);
  return entry.parts;
}
