/** Elements of a column from the pages of a cluster. */
import { decompress } from '../compression/decompress.ts';
import { loadXxh3 } from '../compression/checksums.ts';
import { Damage } from '../../damage.ts';
import type { RecordBuffers } from '../file/load-ahead.ts';
import { loadAhead } from '../file/load-ahead.ts';
import { bytesOf } from '../number-type.ts';
import type { RandomAccessFile } from '../file/random-access-file.ts';
import type { Cluster, Page } from './clusters.ts';
import { decodePage, pageBytes, readIndex } from './encoding.ts';
import type { EncodedColumn } from './field-type.ts';

const CHECKSUM_BYTES = 8;

/** A page, and which of its elements are wanted and where they go. */
interface WantedPage {
  readonly page: Page;
  readonly first: number;
  readonly end: number;
  readonly to: number;
}

/** Where pages come from. */
export interface PageSource {
  readonly file: RandomAccessFile;
  readonly cluster: Cluster;
  readonly buffers: RecordBuffers;
}

/** Elements [first, end) of a column in a cluster, as little-endian bytes. */
export async function readElements(
  source: PageSource,
  column: EncodedColumn,
  first: number,
  end: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const size = bytesOf(column.encoding.number);
  const wanted = wantedPages(source.cluster, column, first, end);
  const target = new Uint8Array((end - first) * size);
  await loadAhead(
    wanted,
    ({ page }, slot) => loadPage(source, page, column, slot),
    (plain, { page, first: from, end: to, to: at }) =>
      decodePage(
        plain,
        column.encoding,
        page.elements,
        from,
        to,
        target.subarray(at * size, (at + to - from) * size),
      ),
  );
  return target;
}

/**
 * Ends of the lists [first, end) of a collection. A page that stores lengths begins anew with an end, so its lists are
 * read from its beginning.
 */
export async function readEnds(
  source: PageSource,
  column: EncodedColumn,
  first: number,
  end: number,
): Promise<Float64Array> {
  const ends = new Float64Array(end - first);
  await loadAhead(
    wantedPages(source.cluster, column, first, end),
    ({ page }, slot) => loadPage(source, page, column, slot),
    (plain, { page, first: from, end: to, to: at }) => {
      const bytes = new Uint8Array(to * bytesOf(column.encoding.number));
      decodePage(plain, column.encoding, page.elements, 0, to, bytes);
      ends.set(readIndex(bytes, column.encoding).subarray(from), at);
    },
  );
  return ends;
}

function wantedPages({ pages }: Cluster, { id }: EncodedColumn, first: number, end: number): WantedPage[] {
  const wanted: WantedPage[] = [];
  let start = 0;
  for (const page of pages[id] ?? []) {
    const from = Math.max(first, start);
    const to = Math.min(end, start + page.elements);
    if (from < to) wanted.push({ page, first: from - start, end: to - start, to: from - first });
    start += page.elements;
  }
  if (start < end) throw new Damage(`${start} elements in a cluster, expected ${end}`);
  return wanted;
}

async function loadPage(
  { file, buffers }: PageSource,
  { elements, hasChecksum, locator }: Page,
  { encoding, bits }: EncodedColumn,
  slot: number,
): Promise<Uint8Array> {
  const bytes = locator.bytes + (hasChecksum ? CHECKSUM_BYTES : 0);
  file.check(locator.position, bytes);
  const record = await file.read(locator.position, bytes, buffers.forStored(slot, bytes));
  const stored = record.subarray(0, locator.bytes);
  if (hasChecksum) {
    const xxh3 = await loadXxh3();
    const expected = Uint8Array.from(record.subarray(locator.bytes)).reverse();
    if (Buffer.compare(xxh3(stored), expected) !== 0) throw new Damage('the checksum of a page is wrong');
  }
  return decompress(stored, pageBytes(encoding, elements, bits), (plainBytes) =>
    buffers.forPlain(slot, plainBytes),
  );
}
