/** Elements of a column from the pages of a cluster. */
import { decompress } from '../compression/decompress.ts';
import { checkXxh3, XXH3_BYTES } from '../compression/checksums.ts';
import { Damage, Unsupported } from '../../damage.ts';
import { ByteCursor } from '../file/byte-cursor.ts';
import type { RecordBuffers } from '../file/load-ahead.ts';
import { loadAhead } from '../file/load-ahead.ts';
import { bytesOf } from '../../columns/number-types.ts';
import type { RandomAccessFile } from '../file/random-access-file.ts';
import type { Cluster, Page } from './clusters.ts';
import type { EncodedColumn } from './encoding.ts';
import { decodePage, pageBytes, readIndex, SWITCH_BYTES } from './encoding.ts';

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

/** Which elements of a column are wanted. */
export interface ElementRange {
  readonly first: number;
  readonly end: number;
  /** How many the cluster has, where the number of its entries tells: those that a deferred column lacks are zeros. */
  readonly total: number | undefined;
}

/** Elements of a column in a cluster, as little-endian bytes. */
export async function readElements(
  source: PageSource,
  column: EncodedColumn,
  range: ElementRange,
): Promise<Uint8Array<ArrayBuffer>> {
  const size = bytesOf(column.encoding.number);
  const { present, wanted } = wantedPages(source.cluster, column, range);
  if (present.encoding.number !== column.encoding.number) {
    throw new Unsupported(
      `numbers of type ${present.encoding.number} in a column of ${column.encoding.number}`,
    );
  }
  const target = new Uint8Array((range.end - range.first) * size);
  await visitPages(source, present, wanted, (plain, { page, first, end, to }) =>
    decodePage(
      plain,
      present,
      page.elements,
      first,
      end,
      target.subarray(to * size, (to + end - first) * size),
    ),
  );
  return target;
}

/**
 * Ends of the lists of a collection. A page that stores lengths begins anew with an end, so its lists are read from its
 * beginning.
 */
export async function readEnds(
  source: PageSource,
  column: EncodedColumn,
  range: ElementRange,
): Promise<Float64Array> {
  const { present, wanted } = wantedPages(source.cluster, column, range);
  const ends = new Float64Array(range.end - range.first);
  if (!present.encoding.isIndex) throw new Damage('numbers where the ends of lists are expected');
  await visitPages(source, present, wanted, (plain, { page, first, end, to }) => {
    const bytes = new Uint8Array(end * bytesOf(present.encoding.number));
    decodePage(plain, present, page.elements, 0, end, bytes);
    ends.set(readIndex(bytes, present.encoding).subarray(first), to);
  });
  return ends;
}

/** Which alternative each variant has, 0 for none, and its position among the values of that alternative. */
export interface Switches {
  readonly tags: Uint32Array;
  readonly positions: Float64Array;
}

/** The switches of variants. */
export async function readSwitches(
  source: PageSource,
  column: EncodedColumn,
  range: ElementRange,
): Promise<Switches> {
  const { present, wanted } = wantedPages(source.cluster, column, range);
  const tags = new Uint32Array(range.end - range.first);
  const positions = new Float64Array(range.end - range.first);
  await visitPages(source, present, wanted, (plain, { first, end, to }) => {
    const cursor = new ByteCursor(plain, first * SWITCH_BYTES, true);
    for (let i = first; i < end; i++) {
      positions[to + i - first] = cursor.uint64();
      tags[to + i - first] = cursor.uint32();
    }
  });
  return { tags, positions };
}

function visitPages(
  source: PageSource,
  column: EncodedColumn,
  wanted: readonly WantedPage[],
  visit: (plain: Uint8Array, page: WantedPage) => void,
): Promise<void> {
  return loadAhead(wanted, source.buffers, ({ page }, slot) => loadPage(source, page, column, slot), visit);
}

/** The representation of a column that a cluster has, and its pages with the wanted elements. */
function wantedPages(
  { pages }: Cluster,
  column: EncodedColumn,
  { first, end, total }: ElementRange,
): { present: EncodedColumn; wanted: WantedPage[] } {
  const isThere = ({ id }: EncodedColumn) => pages[id] !== undefined;
  const present = isThere(column) ? column : (column.others.find(isThere) ?? column);
  const stored = pages[present.id] ?? [];
  let start = 0;
  if (present.isDeferred && total !== undefined) {
    start = Math.max(0, total - stored.reduce((sum, { elements }) => sum + elements, 0));
  }
  const wanted: WantedPage[] = [];
  for (const page of stored) {
    const from = Math.max(first, start);
    const to = Math.min(end, start + page.elements);
    if (from < to) wanted.push({ page, first: from - start, end: to - start, to: from - first });
    start += page.elements;
  }
  if (start < end) throw new Damage(`${start} elements in a cluster, expected ${end}`);
  return { present, wanted };
}

async function loadPage(
  { file, buffers }: PageSource,
  { elements, hasChecksum, locator }: Page,
  column: EncodedColumn,
  slot: number,
): Promise<Uint8Array> {
  const bytes = locator.bytes + (hasChecksum ? XXH3_BYTES : 0);
  file.check(locator.position, bytes);
  const record = await file.read(locator.position, bytes, buffers.forStored(slot, bytes));
  const stored = record.subarray(0, locator.bytes);
  if (hasChecksum) await checkXxh3(stored, record.subarray(locator.bytes), 'a page');
  return decompress(stored, pageBytes(column, elements), buffers.forPlain(slot));
}
