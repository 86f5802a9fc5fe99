/** Pieces of shards for several readers at a time. */

/** What reads pieces, one at a time, and keeps the shard that it read last. */
export interface PieceReader<Piece> {
  /** @throws whatever ends the work of all */
  read(piece: Piece): Promise<void>;
}

/** Hands pieces to readers as these become free, and remembers which shard each of them holds. */
export class PieceDealer<Piece extends { readonly shard: number }> {
  private readonly held = new Map<PieceReader<Piece>, number>();

  constructor(private readonly readers: readonly PieceReader<Piece>[]) {}

  /**
   * Reads all pieces, each once; who reads which changes nothing but the time. Rejects with the first failure, after which no
   * more are handed out.
   */
  async read(pieces: readonly Piece[]): Promise<void> {
    const left = [...pieces];
    let failed = false;
    const work = async (reader: PieceReader<Piece>) => {
      while (left.length > 0 && !failed) {
        const [piece] = left.splice(this.bestFor(reader, left), 1);
        this.held.set(reader, piece.shard);
        await reader.read(piece).catch((error: unknown) => {
          failed = true;
          throw error;
        });
      }
    };
    await Promise.all(this.readers.map(work));
  }

  /** A piece of the shard that the reader holds, else one that nobody holds, else any. */
  private bestFor(reader: PieceReader<Piece>, left: readonly Piece[]): number {
    const own = left.findIndex(({ shard }) => shard === this.held.get(reader));
    if (own >= 0) return own;
    const known = new Set(this.held.values());
    return Math.max(
      0,
      left.findIndex(({ shard }) => !known.has(shard)),
    );
  }
}
