/** The pages of a column of a row group, from any row on. */
import type { FileHandle } from 'node:fs/promises';
import { freeMemory } from '../columns/free-memory.ts';
import type { ColumnChunk } from './footer.ts';
import type { PageLevels } from './page-values.ts';
import { readDictionary, readPageLevels, readPageValues } from './page-values.ts';
import type { Page, PagePlace } from './pages.ts';
import { chunkPages } from './pages.ts';
import type { Leaf } from './schema.ts';
import type { Stored } from './values.ts';

/** A place within a page. */
export interface Entry {
  /** Rows of the group that begin before it. */
  readonly row: number;
  /** Values of the page before it, with nulls and without. */
  readonly index: number;
  readonly value: number;
}

/** A page of values with its levels; no levels where every value is there and in no list. */
export interface DecodedPage extends Pick<PageLevels, 'definitions' | 'repetitions'> {
  readonly stored: Stored;
  /** Values with nulls. */
  readonly count: number;
  /** Rows of the group that begin before it. */
  readonly firstRow: number;
  /** Where reading ended, so that it goes on there. */
  end: Entry;
}

/** The entry of a page at which a reading from row `first` on begins: where the last one ended, if that is not behind it. */
export function startIn({ end, firstRow }: DecodedPage, first: number): Entry {
  return end.row <= first ? end : { row: firstRow, index: 0, value: 0 };
}

/** Where a page begins. */
interface Mark extends PagePlace {
  readonly number: number;
  /** Rows that begin before it. */
  readonly row: number;
}

/** What a text takes, about. */
const TEXT_BYTES = 64;

/**
 * Decodes pages as they are asked for. Places of those that were seen are remembered, and the last one is kept with its
 * dictionary: reading that goes forward decodes each page once.
 */
export class ColumnPages {
  private readonly marks: Mark[] = [{ number: 0, row: 0, position: 0, values: 0 }];
  private last: { readonly mark: Mark; readonly page: DecodedPage } | undefined;
  private dictionary: Stored | undefined;
  private hasDictionary = false;

  constructor(
    private readonly handle: FileHandle,
    private readonly leaf: Leaf,
    private readonly chunk: ColumnChunk,
  ) {}

  /** The page in which a row of the group begins, and those behind it. @throws Damage when they are damaged */
  async *from(row: number): AsyncGenerator<DecodedPage> {
    let mark = this.marks.findLast((known) => known.row <= row)!;
    if (this.last?.mark === mark) {
      yield this.last.page;
      mark = this.marks[mark.number + 1];
    }
    if (this.hasDictionary && this.dictionary === undefined) await this.findDictionary();
    for await (const page of chunkPages(this.handle, this.chunk, mark)) {
      if (page.kind === 'dictionary') {
        this.dictionary = await readDictionary(this.leaf, page);
        this.hasDictionary = true;
        continue;
      }
      const begin = mark;
      const isBefore = !this.leaf.isNested && begin.row + page.values <= row;
      const levels = isBefore ? undefined : await readPageLevels(this.leaf, page);
      mark = this.markBehind(begin, page, levels?.repetitions);
      if (levels === undefined || mark.row <= row) continue;
      this.dropPage();
      this.last = { mark: begin, page: this.decode(page, levels, begin.row) };
      yield this.last.page;
    }
  }

  /** Memory of what is kept, about. */
  get bytes(): number {
    const page = this.last?.page;
    const levels = (page?.definitions?.length ?? 0) + (page?.repetitions?.length ?? 0);
    return levels + bytesOf(page?.stored) + bytesOf(this.dictionary);
  }

  /** Keeps places of pages only. */
  forget(): void {
    this.dropPage();
    this.dictionary = undefined;
  }

  private dropPage(): void {
    const { definitions, repetitions, stored } = this.last?.page ?? {};
    this.last = undefined;
    if (definitions !== undefined) freeMemory(definitions);
    if (repetitions !== undefined) freeMemory(repetitions);
    if (stored?.kind === 'numbers' && stored.isOwn === true) freeMemory(stored.bytes);
  }

  private decode(page: Page, levels: PageLevels, firstRow: number): DecodedPage {
    const { definitions, repetitions } = levels;
    const stored = readPageValues(this.leaf, page, levels, this.dictionary);
    const end = { row: firstRow, index: 0, value: 0 };
    return { stored, definitions, repetitions, count: page.values, firstRow, end };
  }

  private markBehind({ number, row }: Mark, page: Page, repetitions: Uint8Array | undefined): Mark {
    const rows = repetitions === undefined ? page.values : rowsBegun(repetitions);
    return (this.marks[number + 1] ??= { number: number + 1, row: row + rows, ...page.next });
  }

  /** It is the first page where there is one. */
  private async findDictionary(): Promise<void> {
    for await (const page of chunkPages(this.handle, this.chunk)) {
      this.dictionary = await readDictionary(this.leaf, page);
      return;
    }
  }
}

function rowsBegun(repetitions: Uint8Array): number {
  let rows = 0;
  for (let i = 0; i < repetitions.length; i++) if (repetitions[i] === 0) rows++;
  return rows;
}

function bytesOf(stored: Stored | undefined): number {
  if (stored === undefined) return 0;
  return stored.kind === 'texts' ? TEXT_BYTES * stored.count : stored.bytes.buffer.byteLength;
}
