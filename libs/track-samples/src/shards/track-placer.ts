/** Drawn tracks of shards as rows of the columns that an engine reads. */
import type { ShardPiece } from '@hep/column-shards';
import { createGenerator } from '@hep/datasets/random';
import { momentumWeights } from '@hep/track-dnn/variables';
import type { TrackTable } from '../tables/track-table.ts';
import type { DrawnShard, TrackDraw } from './draw.ts';
import type { TrackShards } from './manifest.ts';
import { readDrawn } from './read-drawn.ts';

/** Columns of tracks that train. */
export interface TrackColumns {
  /** [rows, width] */
  readonly features: Float32Array;
  /** [rows] */
  readonly iteration: Float32Array;
  /** 1 for a true track, else 0, [rows]. */
  readonly target: Float32Array;
  /** [rows] */
  readonly weight: Float32Array;
}

/** Where tracks come from and how they train. */
export interface PlacerSettings {
  readonly shards: Pick<TrackShards, 'folder' | 'settings'>;
  readonly draw: Pick<TrackDraw, 'seed'>;
  /** Of the order of the tracks of a shard. */
  readonly seed: number;
  /** Whether tracks are weighed by pT. */
  readonly ptWeights: boolean;
}

/** A piece of a shard, and where it goes. */
export interface TrackPiece extends ShardPiece {
  readonly drawn: DrawnShard;
  readonly epoch: number;
  /** First row of the columns. */
  readonly row: number;
}

interface HeldShard {
  readonly shard: number;
  readonly table: TrackTable;
  readonly weights: Float32Array;
}

/** Numbers of shards below this and of epochs make streams of random numbers that do not meet. */
const MOST_SHARDS = 2 ** 20;

/** Places pieces; the shard of the last one stays in memory. */
export class TrackPlacer {
  private held: HeldShard | null = null;

  constructor(private readonly settings: PlacerSettings) {}

  /**
   * Puts tracks into the columns, those of a shard in an order of (seed, epoch): tracks of a kind lie together in it, and a
   * window may end within it.
   * @throws UserError when the shard is missing, cut or damaged
   */
  async place({ drawn, epoch, shard, first, end, row }: TrackPiece, columns: TrackColumns): Promise<void> {
    if (this.held?.shard !== shard) this.held = await this.read(shard, drawn);
    const { table, weights } = this.held;
    const { seed } = this.settings;
    const order = createGenerator(seed, epoch * MOST_SHARDS + shard).permutation(table.rows);
    const { width, features, iterations, isTrue } = table;
    for (let place = first, to = row; place < end; place++, to++) {
      const from = order[place];
      for (let i = 0; i < width; i++) columns.features[to * width + i] = features[from * width + i];
      columns.iteration[to] = iterations[from];
      columns.target[to] = isTrue[from];
      columns.weight[to] = weights[from];
    }
  }

  private async read(shard: number, drawn: DrawnShard): Promise<HeldShard> {
    const { shards, draw, ptWeights } = this.settings;
    this.held = null;
    const table = await readDrawn(shards, draw, drawn, false);
    const weights = ptWeights ? momentumWeights(table.pt) : new Float32Array(table.rows).fill(1);
    return { shard, table, weights };
  }
}
