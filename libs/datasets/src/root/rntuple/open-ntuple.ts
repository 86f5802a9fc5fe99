import type { ColumnFile } from '../../columns/column.ts';
import { ByteCursor } from '../file/byte-cursor.ts';
import { columnFile } from '../column-file.ts';
import type { ReadableColumn } from '../column-file.ts';
import { checkXxh3, XXH3_BYTES } from '../compression/checksums.ts';
import { atPlace, Unsupported } from '../../damage.ts';
import type { FoundKey } from '../file/directory.ts';
import { readRecord } from '../file/key.ts';
import type { RandomAccessFile } from '../file/random-access-file.ts';
import { readClusterGroups, readClusters } from './clusters.ts';
import type { EnvelopeLink } from './envelope.ts';
import { FOOTER, HEADER, readEnvelope, readFeatures, readRecordFrame, readText } from './envelope.ts';
import { describeField, fieldTypes } from './field-type.ts';
import { readField } from './read-field.ts';
import { Schema } from './schema.ts';

const ANCHOR_BYTES = 64;

/** Where header and footer of an RNTuple are. */
interface Anchor {
  readonly header: EnvelopeLink;
  readonly footer: EnvelopeLink;
}

/** An RNTuple of format version 1. Throws UserError. */
export function openNTuple(file: RandomAccessFile, { path, key }: FoundKey): Promise<ColumnFile> {
  return atPlace(`${file.path}: RNTuple '${path}'`, async () => {
    const anchor = await readAnchor(await readRecord(file, key));
    const schema = new Schema();
    const header = await readEnvelope(file, anchor.header, HEADER);
    readFeatures(header);
    for (let i = 0; i < 3; i++) readText(header); // name, description, writer
    schema.read(header);
    const footer = await readEnvelope(file, anchor.footer, FOOTER);
    readFeatures(footer);
    footer.take(8); // checksum of the header
    readRecordFrame(footer, (extension) => schema.read(extension));
    const clusters = await readClusters(file, readClusterGroups(footer));
    const columns = new Map<string, ReadableColumn>();
    for (const [name, type] of fieldTypes(schema.top)) {
      columns.set(name, {
        type: describeField(type),
        read: (range, buffers) => readField(file, clusters, name, type, range, buffers),
      });
    }
    const stretches = clusters.map(({ first, end }) => ({ first, end }));
    return columnFile({
      file,
      name: path,
      rows: clusters.at(-1)?.end ?? 0,
      columns,
      stretches: () => stretches,
    });
  });
}

/** The one part of an RNTuple in big-endian order: an object of class ROOT::RNTuple, then its XXH3. */
async function readAnchor(record: Uint8Array): Promise<Anchor> {
  const cursor = new ByteCursor(record);
  cursor.versionHeader();
  const fields = record.subarray(cursor.position, cursor.position + ANCHOR_BYTES);
  const epoch = cursor.uint16();
  if (epoch !== 1) throw new Unsupported(`format version ${epoch} is not known, expected 1`);
  cursor.take(6); // major, minor, patch
  const header = readAnchorLink(cursor);
  const footer = readAnchorLink(cursor);
  cursor.take(8); // largest record
  await checkXxh3(fields, cursor.slice(XXH3_BYTES), 'the anchor', false);
  return { header, footer };
}

function readAnchorLink(cursor: ByteCursor): EnvelopeLink {
  const position = cursor.uint64();
  const bytes = cursor.uint64();
  return { locator: { position, bytes }, plainBytes: cursor.uint64() };
}
