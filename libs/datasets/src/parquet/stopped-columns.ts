import type { ColumnPages } from './column-pages.ts';
import type { ColumnChunk } from './footer.ts';

/** What all columns of a file together may keep: the last pages of some thirty columns as pyarrow writes them. */
const MOST_BYTES = 2 ** 27;

interface Stopped {
  readonly chunk: ColumnChunk;
  readonly pages: ColumnPages;
  readonly bytes: number;
}

/** Columns whose reading stopped within a row group, one row group of each, so that the next rows go on there. */
export class StoppedColumns {
  private readonly columns = new Map<number, Stopped>();
  private bytes = 0;

  /** Takes out what is kept of a column; undefined where that is another row group, or nothing. */
  take(column: number, chunk: ColumnChunk): ColumnPages | undefined {
    const stopped = this.columns.get(column);
    if (stopped === undefined) return undefined;
    this.columns.delete(column);
    this.bytes -= stopped.bytes;
    return stopped.chunk === chunk ? stopped.pages : undefined;
  }

  /** Keeps a column; only the places of its pages where more would be too much memory. */
  keep(column: number, chunk: ColumnChunk, pages: ColumnPages): void {
    if (this.bytes + pages.bytes > MOST_BYTES) pages.forget();
    const { bytes } = pages;
    this.columns.set(column, { chunk, pages, bytes });
    this.bytes += bytes;
  }
}
