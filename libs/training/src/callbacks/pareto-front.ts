/** The epochs that no other epoch beats in every result, with their states. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { atomicWrite, makeFolder } from '@hep/files';
import type { JsonValue } from '../checkpoints/json-numbers.ts';
import type { Callback, EpochContext, Logs } from './callback.ts';

/** An epoch of the front. */
export interface ParetoPoint {
  readonly epoch: number;
  readonly values: readonly number[];
}

/** Options of `ParetoFront`. */
export interface ParetoFrontOptions {
  /** Where `front.csv` and one checkpoint for each epoch of the front go. */
  readonly folder: string;
  /** Results to compare, and which side is better. Epochs that lack one are left out. */
  readonly results: Readonly<Record<string, 'min' | 'max'>>;
}

/**
 * Keeps the state of every epoch unless an earlier one is as good in all results, and drops those that a new one
 * beats. Files of dropped epochs stay until the next checkpoint of the run is safe.
 */
export class ParetoFront implements Callback {
  readonly name = 'pareto-front';
  private front: readonly ParetoPoint[] = [];

  constructor(private readonly options: ParetoFrontOptions) {}

  /** The epochs of the front so far. */
  get points(): readonly ParetoPoint[] {
    return this.front;
  }

  async onTrainingStart(): Promise<void> {
    await makeFolder(this.options.folder);
    await this.removeDropped();
    await this.writeTable();
  }

  async onEpochEnd(logs: Logs, { epoch, writeCheckpoint }: EpochContext): Promise<void> {
    await this.removeDropped();
    const values = Object.keys(this.options.results).map((name) => logs[name]);
    if (!values.every(Number.isFinite)) return;
    const sides = Object.values(this.options.results);
    const front = withPoint(this.front, { epoch, values }, sides);
    if (front === this.front) return;
    await writeCheckpoint(this.pathOf(epoch));
    this.front = front;
    await this.writeTable();
  }

  async onTrainingEnd(): Promise<void> {
    await this.removeDropped();
  }

  /** Path of the checkpoint of an epoch of the front. */
  pathOf(epoch: number): string {
    return join(this.options.folder, fileName(epoch));
  }

  private async removeDropped(): Promise<void> {
    const kept = new Set(this.front.map(({ epoch }) => fileName(epoch)));
    for (const file of await readdir(this.options.folder)) {
      if (file.endsWith('.checkpoint') && !kept.has(file)) await rm(join(this.options.folder, file));
    }
  }

  private async writeTable(): Promise<void> {
    const header = ['epoch', ...Object.keys(this.options.results)].join(',');
    const rows = this.front.map(({ epoch, values }) => [epoch, ...values].join(','));
    await atomicWrite(join(this.options.folder, 'front.csv'), [header, ...rows, ''].join('\n'));
  }

  save(): JsonValue {
    return this.front.map(({ epoch, values }) => ({ epoch, values }));
  }

  restore(memory: JsonValue): void {
    this.front = memory as unknown as ParetoPoint[];
  }
}

/**
 * A front with a further point: the same front when an earlier point is at least as good in every value, else without
 * the points that the new one equals or beats in every value.
 */
export function withPoint(
  front: readonly ParetoPoint[],
  point: ParetoPoint,
  sides: readonly ('min' | 'max')[],
): readonly ParetoPoint[] {
  const covers = (a: ParetoPoint, b: ParetoPoint) =>
    sides.every((side, i) => (side === 'min' ? a.values[i] <= b.values[i] : a.values[i] >= b.values[i]));
  if (front.some((earlier) => covers(earlier, point))) return front;
  return [...front.filter((earlier) => !covers(point, earlier)), point];
}

function fileName(epoch: number): string {
  return `epoch-${String(epoch).padStart(4, '0')}.checkpoint`;
}
