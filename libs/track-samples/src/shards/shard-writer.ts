/** Collects tracks of one part until a shard is full, and writes them grouped by iteration and truth. */
import { crc32 } from 'node:zlib';
import { writeShard } from '@hep/column-shards';
import { createGenerator } from '@hep/datasets/random';
import type { TrackFeature } from '@hep/track-dnn/variables';
import type { SplitPart } from '../balancing/split.ts';
import { MOMENTUM_BRANCH } from '../tables/branches.ts';
import type { TrackColumns } from '../tables/track-columns.ts';
import { placesInGroups } from './groups.ts';
import type { PreparedSection } from './manifest.ts';
import { allRows, placed, putTracks } from './put-tracks.ts';

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
  private started = 0;

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
    const rows = allRows(this.rows);
    this.rows = 0;
    await this.write(this.waiting!, rows);
  }

  private keep(tracks: TrackColumns, rows: Int32Array): void {
    this.waiting ??= emptyColumns(this.place.shardRows, tracks);
    const { rows: start, waiting } = this;
    tracks.features.forEach((values, i) => pickInto(values, rows, waiting.features[i], start));
    pickInto(tracks.pt, rows, waiting.pt, start);
    pickCodes(tracks.iterations, rows, waiting.iterations, start);
    pickCodes(tracks.isTrue, rows, waiting.isTrue, start);
    if (tracks.treeScores !== null) pickInto(tracks.treeScores, rows, waiting.treeScores!, start);
    this.rows += rows.length;
  }

  private async write(tracks: TrackColumns, rows: Int32Array): Promise<void> {
    const { folder, part, key, section, features: list } = this.place;
    const number = `${digits(section, 5)}-${digits(this.started++, 3)}`;
    const { shuffle } = this.buffers;
    shuffle.reset(this.place.seed, crc32(`${part}-${number}`));
    const { places, counts } = placesInGroups(tracks, rows, shuffle.permutation(rows.length));
    const width = list.length;
    await this.buffers.written();
    const features = this.buffers.features.subarray(0, rows.length * width);
    const extremes = mutable(putTracks(tracks.features, rows, places, features));
    const single = (values: Float32Array) => ({ width: 1, values: placed(values, rows, places) });
    const writing = writeShard(folder, `${part}-${key}-${number}.columns`, {
      rows: rows.length,
      groups: counts.flatMap(([, fakes, trueTracks]) => [fakes, trueTracks]),
      columns: {
        features: { width, values: features },
        ...(hasMomentum(list) ? {} : { pt: single(tracks.pt) }),
        ...(tracks.treeScores === null ? {} : { treeScores: single(tracks.treeScores) }),
      },
    });
    this.buffers.write(writing.then((record) => this.shards.push({ ...record, part, counts, extremes })));
  }
}

/** What writers that work in turn share. */
export class ShardBuffers {
  /** Room for the features of a shard in the order in which they are written. */
  readonly features: Float32Array;
  /** Of the order in a shard; a new one for each shard would have its code compiled again. */
  readonly shuffle = createGenerator(0);
  private writing: Promise<unknown> = Promise.resolve();

  constructor(shardRows: number, width: number) {
    this.features = new Float32Array(shardRows * width);
  }

  /** Takes the writing of a shard, which goes on beside other work. */
  write(writing: Promise<unknown>): void {
    writing.catch(() => undefined); // told when it is waited for
    this.writing = writing;
  }

  /** Waits until the shard before is on the disk. @throws UserError when it could not be written */
  async written(): Promise<void> {
    await this.writing;
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

/** As `pickInto`; a function that sees one kind of array is faster than one for both. */
function pickCodes(values: Uint8Array, rows: Int32Array, target: Uint8Array, start: number): void {
  for (let i = 0; i < rows.length; i++) target[start + i] = values[rows[i]];
}
