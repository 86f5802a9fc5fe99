import { ByteCursor } from '../file/byte-cursor.ts';
import { Damage } from '../../damage.ts';
import type { BlockDecoder } from './decompress.ts';

const MAGIC = 0xfd2fb528;
const LARGEST_BLOCK = 128 * 1024;
/** What the decoder may write where a frame does not tell its size: far above ROOT's blocks of 16 MB. */
const MOST_BYTES = 64 * 2 ** 20;

/**
 * A Zstandard frame (RFC 8878). The package allocates what the frame's header says, which is therefore compared
 * with the size that ROOT announces; without such a header the number of blocks bounds the size.
 */
export const decodeZstd: BlockDecoder = async (data, plainBytes) => {
  const told = frameContentBytes(data);
  if (told !== undefined && told !== plainBytes) {
    throw new Damage(`a zstd frame of ${told} bytes, expected ${plainBytes}`);
  }
  const { Decoder } = await import('@toondepauw/node-zstd');
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.length);
  return new Decoder().decode(bytes).catch((error: Error) => {
    throw new Damage(`damaged zstd data (${error.message})`);
  });
};

/** The plain size in the frame header; undefined when it is not told and few blocks follow. */
function frameContentBytes(data: Uint8Array): number | undefined {
  const cursor = new ByteCursor(data);
  if (littleEndian(cursor, 4) !== MAGIC) throw new Damage('not a zstd frame');
  const descriptor = cursor.uint8();
  const isSingleSegment = (descriptor & 0x20) !== 0;
  if (!isSingleSegment) cursor.take(1);
  cursor.take([0, 1, 2, 4][descriptor & 3]); // dictionary
  const sizeCode = descriptor >> 6;
  if (sizeCode > 0 || isSingleSegment) {
    const bytes = 1 << sizeCode;
    return littleEndian(cursor, bytes) + (bytes === 2 ? 256 : 0);
  }
  checkBlocks(cursor);
  return undefined;
}

function checkBlocks(cursor: ByteCursor): void {
  let largest = 0;
  for (let isLast = false; !isLast;) {
    const header = littleEndian(cursor, 3);
    isLast = (header & 1) === 1;
    const kind = (header >> 1) & 3;
    const size = header >> 3;
    cursor.take(kind === 1 ? 1 : size);
    largest += kind === 2 ? LARGEST_BLOCK : size;
    if (largest > MOST_BYTES) throw new Damage('a zstd frame without size has too many blocks');
  }
}

function littleEndian(cursor: ByteCursor, bytes: number): number {
  return cursor.slice(bytes).reduceRight((value, byte) => value * 256 + byte, 0);
}
