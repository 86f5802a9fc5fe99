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

/** Tracks of which a shard is made. */
type Tracks = Pick<TrackTable, 'width' | 'features' | 'pt' | 'iterations' | 'isTrue' | 'treeScores'>;

/** Writes the tracks of one part. Memory: a shard that is not full, and what `buffers` holds. */
export class ShardWriter {
  /** Those that were written. */
  readonly shards: WrittenShard[] = [];
  /** Tracks that wait for others, in the order in which they came. */
  private waiting: TrackTable | undefined;
  private rows = 0;

  /** @param buffers shared by writers that work in turn */
  constructor(
    private readonly place: ShardPlace,
    private readonly buffers: ShardBuffers,
  ) {}

  /** Takes tracks; shards that are full are written. @param rows of the table */
  async take(table: TrackTable, rows: Int32Array): Promise<void> {
    const { shardRows } = this.place;
    let first = 0;
    while (first < rows.length) {
      if (this.rows === 0 && rows.length - first >= shardRows) {
        await this.write(table, rows.subarray(first, first + shardRows));
        first += shardRows;
        continue;
      }
      const end = Math.min(rows.length, first + shardRows - this.rows);
      this.keep(table, rows.subarray(first, end));
      first = end;
      if (this.rows === shardRows) await this.flush();
    }
  }

  /** Writes what there is. */
  async flush(): Promise<void> {
    if (this.rows === 0) return;
    const rows = Int32Array.from({ length: this.rows }, (_, row) => row);
    this.rows = 0;
    await this.write(this.waiting!, rows);
  }

  private keep(table: TrackTable, rows: Int32Array): void {
    this.waiting ??= emptyTable(this.place.shardRows, table);
    const { rows: start, waiting } = this;
    copyRows(table.features, table.width, rows, waiting.features, start);
    copyRows(table.pt, 1, rows, waiting.pt, start);
    copyRows(table.iterations, 1, rows, waiting.iterations, start);
    copyRows(table.isTrue, 1, rows, waiting.isTrue, start);
    if (table.treeScores !== null) copyRows(table.treeScores, 1, rows, waiting.treeScores!, start);
    this.rows += rows.length;
  }

  private async write(tracks: Tracks, rows: Int32Array): Promise<void> {
    const { folder, part, key, section, features: list } = this.place;
    const number = `${digits(section, 5)}-${digits(this.shards.length, 3)}`;
    const shuffle = createGenerator(this.place.seed, crc32(`${part}-${number}`));
    const { order, counts } = grouped(tracks, rows, shuffle.permutation(rows.length));
    const { width } = tracks;
    const features = this.buffers.features.subarray(0, rows.length * width);
    copyRows(tracks.features, width, order, features, 0);
    const record: ShardRecord = await writeShard(folder, `${part}-${key}-${number}.columns`, {
      rows: rows.length,
      groups: counts.flatMap(([, fakes, trueTracks]) => [fakes, trueTracks]),
      columns: {
        features: { width, values: features },
        ...(hasMomentum(list) ? {} : { pt: picked(tracks.pt, order) }),
        ...(tracks.treeScores === null ? {} : { treeScores: picked(tracks.treeScores, order) }),
      },
    });
    this.shards.push({ ...record, part, counts, extremes: mutable(featureExtremes(features, width)) });
  }
}

/** Room for the features of a shard in the order in which they are written. */
export class ShardBuffers {
  readonly features: Float32Array;

  constructor(shardRows: number, width: number) {
    this.features = new Float32Array(shardRows * width);
  }
}

const digits = (number: number, length: number) => String(number).padStart(length, '0');

const mutable = <T extends object>(of: { readonly [Key in keyof T]: readonly number[] }) =>
  of as { [Key in keyof T]: number[] };

/** Momenta are not stored twice. */
const hasMomentum = (features: readonly TrackFeature[]) =>
  features.some(({ name }) => name === MOMENTUM_BRANCH);

function emptyTable(rows: number, { width, treeScores }: TrackTable): TrackTable {
  return {
    rows,
    width,
    features: new Float32Array(rows * width),
    pt: new Float32Array(rows),
    iterations: new Uint8Array(rows),
    isTrue: new Uint8Array(rows),
    treeScores: treeScores === null ? null : new Float32Array(rows),
    groups: new Uint32Array(0),
  };
}

/** Rows of `width` numbers, from row `start` of the target on. */
function copyRows<A extends Float32Array | Uint8Array>(
  source: A,
  width: number,
  rows: Int32Array,
  target: A,
  start: number,
): void {
  for (let i = 0, to = start * width; i < rows.length; i++) {
    const from = rows[i] * width;
    for (let column = 0; column < width; column++) target[to + column] = source[from + column];
    to += width;
  }
}

function picked(values: Float32Array, rows: Int32Array) {
  const own = new Float32Array(rows.length);
  copyRows(values, 1, rows, own, 0);
  return { width: 1, values: own };
}

/** The rows by iteration and truth, in the order of `permutation` within a group, and how many each group has. */
function grouped({ iterations, isTrue }: Tracks, rows: Int32Array, permutation: Int32Array) {
  const sizes = new Int32Array(2 * ITERATION_CODES);
  for (const row of rows) sizes[2 * iterations[row] + isTrue[row]]++;
  const next = new Int32Array(sizes.length);
  for (let group = 1; group < next.length; group++) next[group] = next[group - 1] + sizes[group - 1];
  const order = new Int32Array(rows.length);
  for (const place of permutation) {
    const row = rows[place];
    order[next[2 * iterations[row] + isTrue[row]]++] = row;
  }
  const codes = Array.from({ length: ITERATION_CODES }, (_, code) => code);
  const counts = codes
    .map((code): [number, number, number] => [code, sizes[2 * code], sizes[2 * code + 1]])
    .filter(([, fakes, trueTracks]) => fakes + trueTracks > 0);
  return { order, counts };
}
