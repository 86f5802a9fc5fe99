/** A field for some entries, cluster by cluster. */
import { printable, UserError } from '@hep/options/user-error';
import type { Column, RowRange } from '../../columns/column.ts';
import { concatenateColumns } from '../../columns/concatenate.ts';
import { atPlace, Damage } from '../../damage.ts';
import type { RecordBuffers } from '../file/load-ahead.ts';
import { numbersOver } from '../../columns/number-types.ts';
import type { RandomAccessFile } from '../file/random-access-file.ts';
import type { Cluster } from './clusters.ts';
import type { EncodedColumn } from './encoding.ts';
import type { FieldType, KnownType } from './field-type.ts';
import type { ElementRange, PageSource } from './read-pages.ts';
import { readElements, readEnds, readSwitches } from './read-pages.ts';

const MOST_ELEMENTS = 2 ** 32 - 1;
const NO_ENTRIES: Cluster = { first: 0, end: 0, pages: [] };

/** @throws UserError with file, field and entries when the values are damaged or not readable */
export async function readField(
  file: RandomAccessFile,
  clusters: readonly Cluster[],
  name: string,
  type: FieldType,
  range: RowRange,
  buffers: RecordBuffers,
): Promise<Column> {
  const place = `${file.path}: field '${name}'`;
  if (type.kind === 'unknown') {
    const reason = printable(`type ${type.reason} is not readable`);
    throw new UserError(`${place}: ${reason}, expected numbers, texts or lists of them`);
  }
  const wanted = clusters.filter(({ first, end }) => first < range.end && end > range.first);
  const parts: Column[] = [];
  if (wanted.length === 0) {
    const nothing = { first: 0, end: 0, total: 0 };
    return readEntries({ file, cluster: NO_ENTRIES, buffers }, type, nothing);
  }
  for (const cluster of wanted) {
    const total = cluster.end - cluster.first;
    const first = Math.max(range.first, cluster.first) - cluster.first;
    const end = Math.min(range.end, cluster.end) - cluster.first;
    const read = () => readEntries({ file, cluster, buffers }, type, { first, end, total });
    parts.push(await atPlace(`${place}, entries ${cluster.first} to ${cluster.end - 1}`, read));
  }
  return atPlace(place, () => concatenateColumns(parts));
}

/** Some entries of a field, or elements of a field inside, counted in the cluster. */
async function readEntries(source: PageSource, type: KnownType, range: ElementRange): Promise<Column> {
  switch (type.kind) {
    case 'number': {
      const bytes = await readElements(source, type.column, range);
      return { kind: 'flat', values: numbersOver(type.column.encoding.number, bytes) };
    }
    case 'array':
      return readArrays(source, type, range);
    case 'text': {
      const { start, offsets } = await readOffsets(source, type.ends, range);
      const end = start + offsets[offsets.length - 1];
      const { buffer } = await readElements(source, type.characters, { first: start, end, total: undefined });
      const bytes = Buffer.from(buffer);
      const values = Array.from(offsets.subarray(1), (to, i) => bytes.toString('utf8', offsets[i], to));
      return { kind: 'text', values };
    }
    case 'list':
      return readLists(source, type.item, await readOffsets(source, type.ends, range));
    case 'count': {
      const { offsets } = await readOffsets(source, type.ends, range);
      const counts = Uint32Array.from(offsets.subarray(1), (to, i) => to - offsets[i]);
      return {
        kind: 'flat',
        values: type.number === 'uint32' ? counts : BigUint64Array.from(counts, BigInt),
      };
    }
    case 'alternative':
      return readLists(source, type.item, await readPresence(source, type.tags, type.tag, range));
  }
}

/** Where the elements of lists begin in the cluster, and the lists' offsets from there. */
interface Offsets {
  readonly start: number;
  readonly offsets: Uint32Array;
}

async function readLists(source: PageSource, item: KnownType, { start, offsets }: Offsets): Promise<Column> {
  const end = start + offsets[offsets.length - 1];
  return {
    kind: 'jagged',
    offsets,
    content: await readEntries(source, item, { first: start, end, total: undefined }),
  };
}

async function readArrays(
  source: PageSource,
  { length, item }: Extract<KnownType, { kind: 'array' }>,
  { first, end, total }: ElementRange,
): Promise<Column> {
  const inside = { first: first * length, end: end * length, total: total && total * length };
  const content = await readEntries(source, item, inside);
  if (content.kind === 'flat') return { kind: 'fixed', width: length, values: content.values };
  if (content.kind === 'fixed') return { ...content, width: content.width * length };
  checkCount(inside.end - inside.first);
  return {
    kind: 'jagged',
    offsets: Uint32Array.from({ length: end - first + 1 }, (_, i) => i * length),
    content,
  };
}

async function readOffsets(
  source: PageSource,
  column: EncodedColumn,
  { first, end, total }: ElementRange,
): Promise<Offsets> {
  const offsets = new Uint32Array(end - first + 1);
  if (first === end) return { start: 0, offsets };
  const before = first === 0 ? 0 : 1;
  const ends = await readEnds(source, column, { first: first - before, end, total });
  const start = before === 0 ? 0 : ends[0];
  checkCount(ends[ends.length - 1] - start);
  for (let i = before; i < ends.length; i++) {
    if (ends[i] < (i === 0 ? 0 : ends[i - 1])) throw new Damage('a list ends before it begins');
    offsets[i - before + 1] = ends[i] - start;
  }
  return { start, offsets };
}

/** Variants with one alternative: lists of one element, all others empty ones. */
async function readPresence(
  source: PageSource,
  column: EncodedColumn,
  wanted: number,
  range: ElementRange,
): Promise<Offsets> {
  const { tags, positions } = await readSwitches(source, column, range);
  const offsets = new Uint32Array(tags.length + 1);
  const start = positions[tags.indexOf(wanted)] ?? 0;
  for (let i = 0; i < tags.length; i++) {
    const isThere = tags[i] === wanted;
    if (isThere && positions[i] !== start + offsets[i]) {
      throw new Damage('values of a variant do not follow each other');
    }
    offsets[i + 1] = offsets[i] + (isThere ? 1 : 0);
  }
  return { start, offsets };
}

function checkCount(elements: number): void {
  if (!(elements <= MOST_ELEMENTS)) throw new Damage('2^32 elements or more, read fewer rows at a time');
}
