/** Clusters of an RNTuple: for some entries, where the pages of each column are. */
import type { ByteCursor } from '../file/byte-cursor.ts';
import { Damage, Unsupported } from '../../damage.ts';
import type { RandomAccessFile } from '../file/random-access-file.ts';
import type { EnvelopeLink, Locator } from './envelope.ts';
import {
  PAGE_LIST,
  readEnvelope,
  readLink,
  readListFrame,
  readLocator,
  readRecordFrame,
} from './envelope.ts';

/** Some elements of a column. */
export interface Page {
  readonly elements: number;
  readonly locator: Locator;
  /** An XXH3 of the stored bytes follows them. */
  readonly hasChecksum: boolean;
}

/** Entries [first, end), and the pages of each column in order. */
export interface Cluster {
  readonly first: number;
  readonly end: number;
  /** Undefined for a column that another representation stands for in this cluster. */
  readonly pages: readonly (readonly Page[] | undefined)[];
}

/** Link to the page list of some clusters. */
export interface ClusterGroup {
  readonly link: EnvelopeLink;
}

/** Links to all page lists, from the footer. */
export function readClusterGroups(cursor: ByteCursor): ClusterGroup[] {
  return readListFrame(cursor, (inner) =>
    readRecordFrame(inner, (record) => {
      record.take(20); // first entry, entries, clusters
      return { link: readLink(record) };
    }),
  );
}

/** All clusters; they follow each other without gap. */
export async function readClusters(
  file: RandomAccessFile,
  groups: readonly ClusterGroup[],
): Promise<Cluster[]> {
  const clusters: Cluster[] = [];
  for (const { link } of groups) {
    const cursor = await readEnvelope(file, link, PAGE_LIST);
    cursor.take(8); // checksum of the header
    const ranges = readListFrame(cursor, (inner) => readRecordFrame(inner, readEntryRange));
    const pages = readListFrame(cursor, (inner) => readListFrame(inner, readPages));
    if (pages.length !== ranges.length)
      throw new Damage(`${ranges.length} clusters, pages of ${pages.length}`);
    ranges.forEach((range, i) => clusters.push({ ...range, pages: pages[i] }));
  }
  clusters.sort((a, b) => a.first - b.first);
  clusters.forEach(({ first }, i) => {
    const before = i === 0 ? 0 : clusters[i - 1].end;
    if (first !== before) throw new Damage(`a cluster begins at entry ${first}, expected ${before}`);
  });
  return clusters;
}

function readEntryRange(cursor: ByteCursor): { first: number; end: number } {
  const first = cursor.uint64();
  const low = cursor.uint32();
  const high = cursor.uint32();
  if (high >>> 24 !== 0) throw new Unsupported('clusters hold parts of the columns');
  const end = first + low + (high & 0xff_ffff) * 2 ** 32;
  if (!Number.isSafeInteger(end)) throw new Damage(`a cluster ends at entry ${end}`);
  return { first, end };
}

function readPages(cursor: ByteCursor): Page[] | undefined {
  let isSuppressed = false;
  const pages = readListFrame(cursor, readPage, (rest) => {
    isSuppressed = rest.int64() < 0;
    if (!isSuppressed) rest.take(4); // compression settings
  });
  return isSuppressed ? undefined : pages;
}

function readPage(cursor: ByteCursor): Page {
  const elements = cursor.int32();
  return { elements: Math.abs(elements), locator: readLocator(cursor), hasChecksum: elements < 0 };
}
