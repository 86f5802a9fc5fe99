/** Collects tracks of one part until a shard is full, and writes them grouped by iteration and truth. */
import { crc32 } from 'node:zlib';
import { writeShard } from '@hep/column-shards';
import type { ShardRecord } from '@hep/column-shards';
import { createGenerator } from '@hep/datasets/random';
import { featureExtremes, ITERATION_CODES } from '@hep/track-dnn/variables';
import type { TrackFeature } from '@hep/track-dnn/variables';
import type { SplitPart } from '../balancing/split.ts';
import { MOMENTUM_BRANCH } from '../tables/branches.ts';
import { putRows } from '../tables/interleave.ts';
import type { TrackColumns } from '../tables/track-columns.ts';
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

/** Writes the tracks of one part. Memory: a shard that is not full, and what `buffers` holds. */
export class ShardWriter {
  /** Those that were written. */
  readonly shards: WrittenShard[] = [];
  /** Tracks that wait for others, in the order in which they came. */
  private waiting: TrackColumns | undefined;
  private rows = 0;

  /** @param buffers shared by writers that work in turn */
  constructor(
    private readonly place: ShardPlace,
    private readonly buffers: ShardBuffers,
  ) {}

  /** Takes tracks; shards that are full are written. @param rows those of the tracks that are taken */
  async take(tracks: TrackColumns, rows: Int32Array): Promise<void> {
    const { shardRows } = this.place;
    let first = 0;
    while (first < rows.length) {
      if (this.rows === 0 && rows.length - first >= shardRows) {
        await this.write(tracks, rows.subarray(first, first + shardRows));
        first += shardRows;
        continue;
      }
      const end = Math.min(rows.length, first + shardRows - this.rows);
      this.keep(tracks, rows.subarray(first, end));
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

  private keep(tracks: TrackColumns, rows: Int32Array): void {
    this.waiting ??= emptyColumns(this.place.shardRows, tracks);
    const { rows: start, waiting } = this;
    tracks.features.forEach((values, i) => pickInto(values, rows, waiting.features[i], start));
    pickInto(tracks.pt, rows, waiting.pt, start);
    for (let i = 0; i < rows.length; i++) {
      waiting.iterations[start + i] = tracks.iterations[rows[i]];
      waiting.isTrue[start + i] = tracks.isTrue[rows[i]];
    }
    if (tracks.treeScores !== null) pickInto(tracks.treeScores, rows, waiting.treeScores!, start);
    this.rows += rows.length;
  }

  private async write(tracks: TrackColumns, rows: Int32Array): Promise<void> {
    const { folder, part, key, section, features: list } = this.place;
    const number = `${digits(section, 5)}-${digits(this.shards.length, 3)}`;
    const shuffle = createGenerator(this.place.seed, crc32(`${part}-${number}`));
    const { places, counts } = grouped(tracks, rows, shuffle.permutation(rows.length));
    const width = list.length;
    const features = this.buffers.features.subarray(0, rows.length * width);
    putRows(tracks.features, rows, features, places);
    const record: ShardRecord = await writeShard(folder, `${part}-${key}-${number}.columns`, {
      rows: rows.length,
      groups: counts.flatMap(([, fakes, trueTracks]) => [fakes, trueTracks]),
      columns: {
        features: { width, values: features },
        ...(hasMomentum(list) ? {} : { pt: placed(tracks.pt, rows, places) }),
        ...(tracks.treeScores === null ? {} : { treeScores: placed(tracks.treeScores, rows, places) }),
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

function emptyColumns(rows: number, { features, treeScores }: TrackColumns): TrackColumns {
  return {
    rows,
    features: features.map(() => new Float32Array(rows)),
    pt: new Float32Array(rows),
    iterations: new Uint8Array(rows),
    isTrue: new Uint8Array(rows),
    treeScores: treeScores === null ? null : new Float32Array(rows),
    groups: new Uint32Array(0),
  };
}

/** The numbers at these rows, from `start` of the target on. */
function pickInto(values: Float32Array, rows: Int32Array, target: Float32Array, start: number): void {
  for (let i = 0; i < rows.length; i++) target[start + i] = values[rows[i]];
}

function placed(values: Float32Array, rows: Int32Array, places: Int32Array) {
  const own = new Float32Array(rows.length);
  for (let i = 0; i < rows.length; i++) own[places[i]] = values[rows[i]];
  return { width: 1, values: own };
}

/** Where each of the rows goes: by iteration and truth, in the order of `permutation` within a group; and what each group has. */
function grouped({ iterations, isTrue }: TrackColumns, rows: Int32Array, permutation: Int32Array) {
  const groups = new Uint8Array(rows.length);
  for (let i = 0; i < rows.length; i++) groups[i] = 2 * iterations[rows[i]] + isTrue[rows[i]];
  const sizes = new Int32Array(2 * ITERATION_CODES);
  for (let i = 0; i < rows.length; i++) sizes[groups[i]]++;
  const next = new Int32Array(sizes.length);
  for (let group = 1; group < next.length; group++) next[group] = next[group - 1] + sizes[group - 1];
  const places = new Int32Array(rows.length);
  for (let i = 0; i < rows.length; i++) places[permutation[i]] = next[groups[permutation[i]]]++;
  const codes = Array.from({ length: ITERATION_CODES }, (_, code) => code);
  const counts = codes
    .map((code): [number, number, number] => [code, sizes[2 * code], sizes[2 * code + 1]])
    .filter(([, fakes, trueTracks]) => fakes + trueTracks > 0);
  return { places, counts };
}
