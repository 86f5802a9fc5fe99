/** Collects tracks of one part until a shard is full, and writes them grouped by iteration and truth. */
import { crc32 } from 'node:zlib';
import { writeShard } from '@hep/column-shards';
import type { ShardRecord } from '@hep/column-shards';
import { createGenerator } from '@hep/datasets/random';
import { featureExtremes, ITERATION_CODES } from '@hep/track-dnn/variables';
import type { TrackFeature } from '@hep/track-dnn/variables';
import type { SplitPart } from '../balancing/split.ts';
import { MOMENTUM_BRANCH } from '../tables/branches.ts';
import type { TrackTable } from '../tables/track-table.ts';
import type { PreparedSection } from './manifest.ts';

type WrittenShard = PreparedSection['shards'][number];

/** Where the shards of a part of a section go. */
export interface ShardPlace {
  readonly folder: string;
  readonly part: SplitPart;
  /** Key of the input file in the names of the shards. */
  readonly key: string;
  /** Number of the section. */
  readonly section: number;
  readonly shardRows: number;
  /** Of the tracks, in order. */
  readonly features: readonly TrackFeature[];
  /** Of the order of tracks within a shard. */
  readonly seed: number;
}

/** Tracks of a shard in the order in which they came. */
interface Collected {
  readonly width: number;
  readonly features: Float32Array;
  readonly iterations: Uint8Array;
  readonly isTrue: Uint8Array;
  readonly treeScores: Float32Array;
  readonly pt: Float32Array;
}

/** Memory: two shards. */
export class ShardWriter {
  /** Those that were written. */
  readonly shards: WrittenShard[] = [];
  private rows = 0;
  private hasTreeScores = true;
  private collected: Collected | undefined;

  constructor(private readonly place: ShardPlace) {}

  /** Takes tracks; shards that are full are written. @param rows of the table */
  async take(table: TrackTable, rows: Int32Array): Promise<void> {
    const { shardRows, features } = this.place;
    for (let first = 0; first < rows.length;) {
      const end = Math.min(rows.length, first + shardRows - this.rows);
      this.collected ??= emptyShard(shardRows, features.length);
      copyTracks(table, rows.subarray(first, end), this.collected, this.rows);
      this.hasTreeScores &&= table.treeScores !== null;
      this.rows += end - first;
      first = end;
      if (this.rows === shardRows) await this.flush();
    }
  }

  /** Writes what there is. */
  async flush(): Promise<void> {
    if (this.rows === 0) return;
    const { folder, part, key, section } = this.place;
    const number = `${digits(section, 5)}-${digits(this.shards.length, 3)}`;
    const shuffle = createGenerator(this.place.seed, crc32(`${part}-${number}`));
    const { order, counts } = grouped(this.collected!, shuffle.permutation(this.rows));
    const sorted = emptyShard(this.rows, this.place.features.length);
    copyTracks(this.collected!, order, sorted, 0);
    const { width, features, pt, treeScores } = sorted;
    const record: ShardRecord = await writeShard(folder, `${part}-${key}-${number}.columns`, {
      rows: this.rows,
      groups: counts.flatMap(([, fakes, trueTracks]) => [fakes, trueTracks]),
      columns: {
        features: { width, values: features },
        ...(hasMomentum(this.place.features) ? {} : { pt: { width: 1, values: pt } }),
        ...(this.hasTreeScores ? { treeScores: { width: 1, values: treeScores } } : {}),
      },
    });
    this.shards.push({ ...record, part, counts, extremes: mutable(featureExtremes(features, width)) });
    this.rows = 0;
  }
}

const digits = (number: number, length: number) => String(number).padStart(length, '0');

const mutable = <T extends object>(of: { readonly [Key in keyof T]: readonly number[] }) =>
  of as { [Key in keyof T]: number[] };

/** Momenta are not stored twice. */
const hasMomentum = (features: readonly TrackFeature[]) =>
  features.some(({ name }) => name === MOMENTUM_BRANCH);

function emptyShard(rows: number, width: number): Collected {
  return {
    width,
    features: new Float32Array(rows * width),
    iterations: new Uint8Array(rows),
    isTrue: new Uint8Array(rows),
    treeScores: new Float32Array(rows),
    pt: new Float32Array(rows),
  };
}

function copyTracks(
  source: Collected | TrackTable,
  rows: Int32Array,
  target: Collected,
  start: number,
): void {
  const { width, features, pt, iterations, isTrue, treeScores } = source;
  for (let i = 0, to = start * width; i < rows.length; i++) {
    const row = rows[i];
    for (let from = row * width, end = from + width; from < end;) {
      target.features[to++] = features[from++];
    }
    target.pt[start + i] = pt[row];
    target.iterations[start + i] = iterations[row];
    target.isTrue[start + i] = isTrue[row];
    if (treeScores !== null) target.treeScores[start + i] = treeScores[row];
  }
}

/** The rows by iteration and truth, in `permutation`'s order within a group, and how many each group has. */
function grouped({ iterations, isTrue }: Collected, permutation: Int32Array) {
  const groupOf = (row: number) => 2 * iterations[row] + isTrue[row];
  const sizes = new Int32Array(2 * ITERATION_CODES);
  for (const row of permutation) sizes[groupOf(row)]++;
  const next = new Int32Array(sizes.length);
  for (let group = 1; group < next.length; group++) next[group] = next[group - 1] + sizes[group - 1];
  const order = new Int32Array(permutation.length);
  for (const row of permutation) order[next[groupOf(row)]++] = row;
  const codes = Array.from({ length: ITERATION_CODES }, (_, code) => code);
  const counts = codes
    .map((code): [number, number, number] => [code, sizes[2 * code], sizes[2 * code + 1]])
    .filter(([, fakes, trueTracks]) => fakes + trueTracks > 0);
  return { order, counts };
}
