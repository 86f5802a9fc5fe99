/** The pages of a column chunk: headers checked, contents on demand. */
import { crc32 } from 'node:zlib';
import type { FileHandle } from 'node:fs/promises';
import { Damage } from '../damage.ts';
import { decompress } from './decompress.ts';
import type { ColumnChunk } from './footer.ts';
import { readAt } from './footer.ts';
import type { ThriftStruct } from './thrift.ts';
import { countOf, numberOf, structOf, ThriftReader } from './thrift.ts';

const READ_AHEAD_BYTES = 2 ** 20;
/** Largest head of a page; it may hold the extremes of its texts. */
const HEAD_BYTES = 2 ** 17;
const LARGEST_PAGE_BYTES = 2 ** 30;
/** Runs of equal values take hardly any bytes, so their number is bounded, too. */
const MOST_PAGE_VALUES = 2 ** 26;
const [DATA_PAGE, DICTIONARY_PAGE, DATA_PAGE_V2] = [0, 2, 3];

/** A place between two pages of a chunk. */
export interface PagePlace {
  /** Byte of the chunk. */
  readonly position: number;
  /** Values before it, with nulls. */
  readonly values: number;
}

/** A page; its bytes are read and decompressed when they are asked for. */
export interface Page {
  readonly kind: 'data' | 'dictionary' | 'data2';
  /** Values with nulls. */
  readonly values: number;
  readonly encoding: number;
  /** Bytes of the two levels before the values, in pages of version 2. */
  readonly levelBytes: { readonly repetition: number; readonly definition: number };
  /** Where the next page begins. */
  readonly next: PagePlace;
  /** Levels (version 2, never compressed), and everything else. */
  content(): Promise<{ readonly levels: Uint8Array; readonly data: Uint8Array }>;
}

/**
 * Pages in their order from a place on, until the values of the chunk are complete.
 * @throws Damage for headers that contradict the chunk or each other
 */
export async function* chunkPages(
  handle: FileHandle,
  chunk: ColumnChunk,
  from: PagePlace = { position: 0, values: 0 },
): AsyncGenerator<Page> {
  const source = new ChunkSource(handle, chunk);
  let { position, values } = from;
  while (values < chunk.values) {
    const head = new ThriftReader(await source.bytes(position, HEAD_BYTES));
    if (position >= chunk.bytes) throw new Damage(`${values} of ${chunk.values} values are there`);
    const header = head.struct();
    position += head.position;
    const stored = countOf(header, 3, 'the size of a page');
    if (position + stored > chunk.bytes) throw new Damage('a page is longer than its column');
    const page = pageOf(header, source, { position, stored }, chunk.codec);
    position += stored;
    if (page === undefined) continue;
    if (page.kind === 'dictionary') {
      if (values > 0) throw new Damage('a dictionary behind values');
    } else {
      values += page.values;
      if (page.values > MOST_PAGE_VALUES) throw new Damage(`a page of ${page.values} values`);
      if (values > chunk.values || page.values === 0) {
        throw new Damage(`pages of ${values} values, expected ${chunk.values}`);
      }
    }
    yield { ...page, next: { position, values } };
  }
}

function pageOf(
  header: ThriftStruct,
  source: ChunkSource,
  { position, stored }: { position: number; stored: number },
  codec: number,
): Omit<Page, 'next'> | undefined {
  const type = countOf(header, 1, 'the kind of a page');
  const kind = ({ [DATA_PAGE]: 'data', [DICTIONARY_PAGE]: 'dictionary', [DATA_PAGE_V2]: 'data2' } as const)[
    type
  ];
  if (kind === undefined) return undefined;
  const details = structOf(header.get({ data: 5, dictionary: 7, data2: 8 }[kind]));
  const isVersion2 = kind === 'data2';
  const levelBytes = {
    definition: isVersion2 ? countOf(details, 5, 'the size of levels') : 0,
    repetition: isVersion2 ? countOf(details, 6, 'the size of levels') : 0,
  };
  const levels = levelBytes.definition + levelBytes.repetition;
  const bytes = countOf(header, 2, 'the size of a page');
  if (bytes > LARGEST_PAGE_BYTES || levels > bytes || levels > stored)
    throw new Damage(`a page of ${bytes} bytes`);
  const isCompressed = details?.get(7) !== false || !isVersion2;
  return {
    kind,
    values: countOf(details, 1, 'the number of values of a page'),
    encoding: countOf(details, isVersion2 ? 4 : 2, 'the encoding of a page'),
    levelBytes,
    content: async () => {
      const all = await source.bytes(position, stored);
      const sum = numberOf(header, 4);
      if (all.length < stored) throw new Damage('the file ends within a page');
      if (sum !== undefined && crc32(all.subarray(0, stored)) !== sum >>> 0)
        throw new Damage('a wrong checksum');
      const data = all.subarray(levels, stored);
      return {
        levels: all.subarray(0, levels),
        data: isCompressed ? decompress(codec, data, bytes - levels) : data,
      };
    },
  };
}

/** Bytes of a chunk, read ahead. */
class ChunkSource {
  private buffer: Uint8Array = new Uint8Array(0);
  private start = 0;

  constructor(
    private readonly handle: FileHandle,
    private readonly chunk: ColumnChunk,
  ) {}

  /** `length` bytes from `position` of the chunk on, or those that are left. */
  async bytes(position: number, length: number): Promise<Uint8Array> {
    const wanted = Math.min(length, this.chunk.bytes - position);
    const isPresent = position >= this.start && position + wanted <= this.start + this.buffer.length;
    if (!isPresent) {
      const ahead = Math.min(Math.max(wanted, READ_AHEAD_BYTES), this.chunk.bytes - position);
      this.buffer = await readAt(this.handle, this.chunk.start + position, ahead);
      this.start = position;
    }
    const first = position - this.start;
    return this.buffer.subarray(first, first + wanted);
  }
}
