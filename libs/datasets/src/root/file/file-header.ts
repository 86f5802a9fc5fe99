/** The first bytes of a ROOT file. */
import { ByteCursor } from './byte-cursor.ts';
import { Damage } from '../../damage.ts';
import type { RandomAccessFile } from './random-access-file.ts';

/** Files of this version and above have eight-byte positions, because they grew beyond 2 GB. */
const LARGE_FILE_VERSION = 1_000_000;
const HEADER_BYTES = 64;

/** Where things are in a file. */
export interface FileHeader {
  /** Position of the top directory's fields. */
  readonly directory: number;
  readonly streamerInfo: number;
  readonly streamerInfoBytes: number;
}

/** @throws Damage when the file is empty, no ROOT file or shorter than it says */
export async function readFileHeader(file: RandomAccessFile): Promise<FileHeader> {
  if (file.size === 0) throw new Damage('the file is empty, expected a ROOT file');
  const cursor = new ByteCursor(await file.read(0, Math.min(HEADER_BYTES, file.size)));
  if (file.size < 4 || Buffer.from(cursor.slice(4)).toString('latin1') !== 'root') {
    throw new Damage("not a ROOT file, its first bytes are not 'root'");
  }
  const version = cursor.int32();
  const begin = cursor.int32();
  const position = version >= LARGE_FILE_VERSION ? () => cursor.int64() : () => cursor.int32();
  const end = position();
  if (end > file.size) {
    throw new Damage(`the file is cut off: ${file.size} bytes of ${end}; copy it again`);
  }
  position(); // list of free segments
  cursor.take(8); // its size and length
  const nameBytes = cursor.int32();
  cursor.take(5); // bytes of a position, compression
  return {
    directory: begin + nameBytes,
    streamerInfo: position(),
    streamerInfoBytes: cursor.int32(),
  };
}
