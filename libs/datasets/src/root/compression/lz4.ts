import { Damage } from '../damage.ts';
import { loadXxh64 } from './checksums.ts';
import type { BlockDecoder } from './decompress.ts';

const CHECKSUM_BYTES = 8;
const SIZE_BYTES = 4;

/**
 * A raw LZ4 block behind its XXH64. The package wants the plain size before the block. It is called in this thread: it
 * decodes faster than results come back from another one, and buffers made there stay in memory for long.
 */
export const decodeLz4: BlockDecoder = async (data, plainBytes) => {
  if (data.length < CHECKSUM_BYTES) throw new Damage('an LZ4 block is shorter than its checksum');
  const [xxh64, { uncompressSync }] = await Promise.all([loadXxh64(), import('lz4-napi')]);
  const block = data.subarray(CHECKSUM_BYTES);
  if (Buffer.compare(xxh64(block), data.subarray(0, CHECKSUM_BYTES)) !== 0) {
    throw new Damage('the checksum of an LZ4 block is wrong');
  }
  // The size takes the place of the second half of the checksum for a moment: copies of blocks are garbage to collect.
  const sized = Buffer.from(block.buffer, block.byteOffset - SIZE_BYTES, SIZE_BYTES + block.length);
  const covered = sized.readUInt32LE();
  try {
    sized.writeUInt32LE(plainBytes);
    return uncompressSync(sized);
  } catch (error) {
    throw new Damage(`damaged LZ4 data (${(error as Error).message})`);
  } finally {
    sized.writeUInt32LE(covered);
  }
};
