/** Collects tracks of one part until a shard is full. */
import { writeShard } from '@hep/column-shards';
import { measureRanges } from '@hep/track-dnn';
import type { SplitPart } from '../balancing/split.ts';
import type { TrackTable } from '../tables/track-table.ts';
import type { ShardSettings, TrackShard } from './manifest.ts';

/** Memory: one shard. */
export class ShardWriter {
  /** Those that were written. */
  readonly shards: TrackShard[] = [];
  private rows = 0;
  private readonly features: Float32Array;
  private readonly pt: Float32Array;
  private readonly iterations: Uint8Array;
  private readonly isTrue: Uint8Array;
  private readonly treeScores: Float32Array;
  private hasTreeScores = true;

  /** @param key of the input file in the names of the shards */
  constructor(
    private readonly folder: string,
    private readonly part: SplitPart,
    private readonly key: string,
    private readonly settings: Pick<ShardSettings, 'shardRows' | 'features'>,
  ) {
    const { shardRows, features } = settings;
    this.features = new Float32Array(shardRows * features.length);
    this.pt = new Float32Array(shardRows);
    this.iterations = new Uint8Array(shardRows);
    this.isTrue = new Uint8Array(shardRows);
    this.treeScores = new Float32Array(shardRows);
  }

  /** Takes a track; true when the shard is full and must be flushed. */
  add(table: TrackTable, row: number): boolean {
    const { width } = table;
    this.features.set(table.features.subarray(row * width, (row + 1) * width), this.rows * width);
    this.pt[this.rows] = table.pt[row];
    this.iterations[this.rows] = table.iterations[row];
    this.isTrue[this.rows] = table.isTrue[row];
    this.hasTreeScores &&= table.treeScores !== null;
    this.treeScores[this.rows] = table.treeScores?.[row] ?? 0;
    return ++this.rows === this.settings.shardRows;
  }

  /** Writes what there is. */
  async flush(): Promise<void> {
    const { rows, part } = this;
    if (rows === 0) return;
    const file = `${part}-${this.key}-${String(this.shards.length).padStart(5, '0')}.columns`;
    const width = this.settings.features.length;
    const features = this.features.subarray(0, rows * width);
    const record = await writeShard(this.folder, file, {
      rows,
      columns: {
        features: { width, values: features },
        pt: { width: 1, values: this.pt.subarray(0, rows) },
        iterations: { width: 1, values: this.iterations.subarray(0, rows) },
        isTrue: { width: 1, values: this.isTrue.subarray(0, rows) },
        ...(this.hasTreeScores
          ? { treeScores: { width: 1, values: this.treeScores.subarray(0, rows) } }
          : {}),
      },
    });
    const { minimum, maximum } = measureRanges(features, this.settings.features);
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
