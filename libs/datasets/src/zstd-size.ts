/** How large a zstd frame may become (RFC 8878), so that damaged or hostile ones are not decompressed. */
import { Damage } from './damage.ts';

const MAGIC = 0xfd2fb528;
const LARGEST_BLOCK = 2 ** 17;
/** Room for encoders that end blocks early; the size of a compressed block is not known beforehand. */
const SLACK_BYTES = 2 ** 28;

/** @throws Damage when the bytes are no frame, say another size than `expected`, or could become far more */
export function checkZstdSize(frame: Uint8Array, expected: number): void {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (frame.length < 6 || view.getUint32(0, true) !== MAGIC) throw new Damage('no zstd frame');
  const descriptor = frame[4];
  const isSingle = (descriptor & 0x20) !== 0;
  const sizeBytes = [isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6];
  const sizeAt = 5 + (isSingle ? 0 : 1) + [0, 1, 2, 4][descriptor & 3];
  if (sizeBytes > 0) {
    const size = contentSize(frame, sizeAt, sizeBytes);
    if (size !== expected) throw new Damage(`a zstd frame of ${size} bytes, expected ${expected}`);
  }
  const most = sizeOfBlocks(frame, sizeAt + sizeBytes, expected + SLACK_BYTES);
  if (most > expected + SLACK_BYTES)
    throw new Damage(`a zstd frame of up to ${most} bytes, expected ${expected}`);
}

function contentSize(frame: Uint8Array, at: number, bytes: number): number {
  let size = 0;
  for (let i = 0; i < bytes; i++) size += (frame[at + i] ?? 0) * 256 ** i;
  return bytes === 2 ? size + 256 : size;
}

/** Most bytes that the blocks from `position` on become; counting ends above `limit`. */
function sizeOfBlocks(frame: Uint8Array, position: number, limit: number): number {
  let size = 0;
  for (let isLast = false; !isLast && position + 3 <= frame.length && size <= limit;) {
    const header = frame[position] | (frame[position + 1] << 8) | (frame[position + 2] << 16);
    const [type, length] = [(header >> 1) & 3, header >> 3];
    isLast = (header & 1) === 1;
    size += type === 2 ? LARGEST_BLOCK : length;
    position += 3 + (type === 1 ? 1 : length);
  }
  return size;
}
