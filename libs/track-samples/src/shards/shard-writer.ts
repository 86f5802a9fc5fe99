/** Collects tracks of one part until a shard is full. */
import { writeShard } from '@hep/column-shards';
import { measureRanges } from '@hep/track-dnn';
import type { SplitPart } from '../balancing/split.ts';
import { FEATURES } from '../tables/track-table.ts';
import type { TrackTable } from '../tables/track-table.ts';
import type { TrackShard } from './manifest.ts';

/** Memory: one shard. */
export class ShardWriter {
  /** Those that were written. */
  readonly shards: TrackShard[] = [];
  private rows = 0;
  private readonly features: Float32Array;
  private readonly iterations: Uint8Array;
  private readonly isTrue: Uint8Array;
  private readonly treeScores: Float32Array;
  private hasTreeScores = true;

  /** @param key of the input file in the names of the shards */
  constructor(
    private readonly folder: string,
    private readonly part: SplitPart,
    private readonly key: string,
    private readonly shardRows: number,
  ) {
    this.features = new Float32Array(shardRows * FEATURES);
    this.iterations = new Uint8Array(shardRows);
    this.isTrue = new Uint8Array(shardRows);
    this.treeScores = new Float32Array(shardRows);
  }

  /** Takes a track; true when the shard is full and must be flushed. */
  add(table: TrackTable, row: number): boolean {
    const track = table.features.subarray(row * FEATURES, (row + 1) * FEATURES);
    this.features.set(track, this.rows * FEATURES);
    this.iterations[this.rows] = table.iterations[row];
    this.isTrue[this.rows] = table.isTrue[row];
    this.hasTreeScores &&= table.treeScores !== null;
    this.treeScores[this.rows] = table.treeScores?.[row] ?? 0;
    return ++this.rows === this.shardRows;
  }

  /** Writes what there is. */
  async flush(): Promise<void> {
    const { rows, part } = this;
    if (rows === 0) return;
    const file = `${part}-${this.key}-${String(this.shards.length).padStart(5, '0')}.columns`;
    const features = this.features.subarray(0, rows * FEATURES);
    const record = await writeShard(this.folder, file, {
      rows,
      columns: {
        features: { width: FEATURES, values: features },
        iterations: { width: 1, values: this.iterations.subarray(0, rows) },
        isTrue: { width: 1, values: this.isTrue.subarray(0, rows) },
        ...(this.hasTreeScores
          ? { treeScores: { width: 1, values: this.treeScores.subarray(0, rows) } }
          : {}),
      },
    });
    const { minimum, maximum } = measureRanges(features);
    const ranges = { minimum: [...minimum], maximum: [...maximum] };
    this.shards.push({ ...record, part, counts: this.counts(), ...ranges });
    this.rows = 0;
  }

  private counts(): TrackShard['counts'] {
    const counts = new Map<number, [number, number]>();
    for (let row = 0; row < this.rows; row++) {
      const code = this.iterations[row];
      const pair = counts.get(code) ?? [0, 0];
      pair[this.isTrue[row]]++;
      counts.set(code, pair);
    }
    return [...counts].map(([code, [fakes, trueTracks]]) => [code, fakes, trueTracks]);
  }
}
