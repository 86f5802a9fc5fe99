/** A field for some entries, cluster by cluster. */
import { UserError } from '@hep/options/user-error';
import type { Column, RowRange } from '../../columns/column.ts';
import { concatenateColumns } from '../../columns/concatenate.ts';
import { atPlace, Damage } from '../../damage.ts';
import type { RecordBuffers } from '../file/load-ahead.ts';
import { asNumbers } from '../number-type.ts';
import type { RandomAccessFile } from '../file/random-access-file.ts';
import type { Cluster } from './clusters.ts';
import type { EncodedColumn, FieldType, KnownType } from './field-type.ts';
import type { PageSource } from './read-pages.ts';
import { readElements, readEnds } from './read-pages.ts';

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
    throw new UserError(
      `${place}: type ${type.reason} is not readable, expected numbers, texts or lists of them`,
    );
  }
  const wanted = clusters.filter(({ first, end }) => first < range.end && end > range.first);
  const parts: Column[] = [];
  if (wanted.length === 0) parts.push(await readEntries({ file, cluster: NO_ENTRIES, buffers }, type, 0, 0));
  for (const cluster of wanted) {
    const first = Math.max(range.first, cluster.first) - cluster.first;
    const end = Math.min(range.end, cluster.end) - cluster.first;
    const read = () => readEntries({ file, cluster, buffers }, type, first, end);
    parts.push(await atPlace(`${place}, entries ${cluster.first} to ${cluster.end - 1}`, read));
  }
  return atPlace(place, () => concatenateColumns(parts));
}

/** Entries [first, end) of a field, or elements of a field inside, counted in the cluster. */
async function readEntries(source: PageSource, type: KnownType, first: number, end: number): Promise<Column> {
  switch (type.kind) {
    case 'number': {
      const bytes = await readElements(source, type.column, first, end);
      return { kind: 'flat', values: asNumbers(type.column.encoding.number, bytes) };
    }
    case 'array': {
      const { column, length: width } = type;
      const bytes = await readElements(source, column, first * width, end * width);
      return { kind: 'fixed', width, values: asNumbers(column.encoding.number, bytes) };
    }
    case 'text': {
      const { start, offsets } = await readOffsets(source, type.ends, first, end);
      const bytes = Buffer.from(
        (await readElements(source, type.characters, start, start + offsets[offsets.length - 1])).buffer,
      );
      const values = Array.from(offsets.subarray(1), (to, i) => bytes.toString('utf8', offsets[i], to));
      return { kind: 'text', values };
    }
    case 'list': {
      const { start, offsets } = await readOffsets(source, type.ends, first, end);
      const content = await readEntries(source, type.item, start, start + offsets[offsets.length - 1]);
      return { kind: 'jagged', offsets, content };
    }
  }
}

/** Where the elements of the lists begin in the cluster, and the lists' offsets from there. */
async function readOffsets(
  source: PageSource,
  column: EncodedColumn,
  first: number,
  end: number,
): Promise<{ start: number; offsets: Uint32Array }> {
  const offsets = new Uint32Array(end - first + 1);
  if (first === end) return { start: 0, offsets };
  const before = first === 0 ? 0 : 1;
  const ends = await readEnds(source, column, first - before, end);
  const start = before === 0 ? 0 : ends[0];
  const last = ends[ends.length - 1];
  if (!(last - start <= MOST_ELEMENTS)) throw new Damage('2^32 elements or more, read fewer rows at a time');
  for (let i = before; i < ends.length; i++) {
    if (ends[i] < (i === 0 ? 0 : ends[i - 1])) throw new Damage('a list ends before it begins');
    offsets[i - before + 1] = ends[i] - start;
  }
  return { start, offsets };
}
