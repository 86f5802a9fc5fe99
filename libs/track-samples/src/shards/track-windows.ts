/** Drawn tracks in the order of an epoch, read by several threads. */
import { PieceDealer, shuffledPieces } from '@hep/column-shards';
import type { Connection } from '@hep/workers';
import { startWindowThread } from '../window-threads.ts';
import type { WindowService } from '../window-worker.ts';
import type { TrackDraw } from './draw.ts';
import type { TrackShards } from './manifest.ts';
import type { TrackColumns, TrackPiece } from './track-placer.ts';

/** How tracks are read. */
export interface WindowOptions {
  /** Of the order of shards and tracks. */
  readonly seed: number;
  /** Whether tracks are weighed by pT. */
  readonly ptWeights: boolean;
  /** Threads; each holds a shard in memory. The tracks are the same for any number. */
  readonly threads: number;
}

/** Fills stretches of columns, one at a time. The threads start with the first. */
export class TrackWindows {
  private threads: Promise<Connection<WindowService>>[] = [];
  private dealer: Promise<PieceDealer<TrackPiece & { readonly columns: TrackColumns }>> | null = null;

  constructor(
    private readonly shards: TrackShards,
    private readonly draw: TrackDraw,
    private readonly options: WindowOptions,
  ) {}

  /**
   * Puts the tracks [first, end) of an epoch (from 1) into columns in shared memory, from a row on. The epoch goes through
   * the shards in an order of its own, each shuffled.
   * @throws UserError when a shard is missing, cut or damaged, Error when a thread dies
   */
  async fill(
    epoch: number,
    range: { readonly first: number; readonly end: number },
    columns: TrackColumns,
    row: number,
  ): Promise<void> {
    const { shards } = this.draw;
    const rowsOf = shards.map(({ rows }) => rows);
    let to = row;
    const pieces = shuffledPieces(rowsOf, this.options.seed, epoch, range).map((piece) => {
      const placed = { ...piece, epoch, drawn: shards[piece.shard], row: to, columns };
      to += piece.end - piece.first;
      return placed;
    });
    this.dealer ??= this.start();
    await (await this.dealer).read(pieces);
  }

  /** Stops the threads; a stretch that is being filled rejects. */
  async close(): Promise<void> {
    const started = await Promise.allSettled(this.threads);
    await Promise.all(
      started.map((thread) => (thread.status === 'fulfilled' ? thread.value.close() : undefined)),
    );
  }

  private async start(): Promise<PieceDealer<TrackPiece & { readonly columns: TrackColumns }>> {
    const { folder, settings } = this.shards;
    const { seed, ptWeights, threads } = this.options;
    this.threads = Array.from({ length: threads }, startWindowThread);
    const connections = await Promise.all(this.threads);
    const opened = { shards: { folder, settings }, draw: { seed: this.draw.seed }, seed, ptWeights };
    await Promise.all(connections.map((connection) => connection.call('open', opened)));
    const readers = connections.map((connection) => ({
      read: ({ columns, ...piece }: TrackPiece & { readonly columns: TrackColumns }) =>
        connection.call('place', { piece, columns }),
    }));
    return new PieceDealer(readers);
  }
}
