import { crc32 } from 'node:zlib';

/**
 * Bytes of a ZIP archive without compression, entries in the given order. Same content, same bytes: every entry is
 * dated 1980-01-01.
 */
export function zipArchive(entries: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [key, content] of Object.entries(entries)) {
    const name = Buffer.from(key);
    const common = fileHeader(content, name.length);
    const local = Buffer.concat([signature(0x04034b50), common, name]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([signature(0x02014b50), VERSION, common, rest, name]));
    parts.push(local, content);
    offset += local.length + content.length;
  }
  return Buffer.concat([...parts, ...directory, ending(directory, offset)]);
}

const VERSION = Buffer.from([20, 0]);

/** Version, flags, method (stored), time, date, checksum, sizes, length of the name, no extra field. */
function fileHeader(content: Uint8Array, nameLength: number): Buffer {
  const header = Buffer.alloc(26);
  header.set(VERSION);
  header.writeUInt16LE(0x21, 8);
  header.writeUInt32LE(crc32(content), 10);
  header.writeUInt32LE(content.length, 14);
  header.writeUInt32LE(content.length, 18);
  header.writeUInt16LE(nameLength, 22);
  return header;
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function ending(directory: readonly Buffer[], offset: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(
    directory.reduce((sum, entry) => sum + entry.length, 0),
    12,
  );
  end.writeUInt32LE(offset, 16);
  return end;
}
