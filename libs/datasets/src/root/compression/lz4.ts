import { Damage } from '../../damage.ts';
import type { BlockDecoder } from './decompress.ts';

const CHECKSUM_BYTES = 8;

/**
 * A raw LZ4 block behind its XXH64. It is decoded in this thread, faster than results come back from another one, and in
 * memory that stays: buffers for every block are garbage whose collection takes longer than the decoding.
 */
export const decodeLz4: BlockDecoder = (data, plainBytes, { lz4 }) => {
  if (data.length < CHECKSUM_BYTES) throw new Damage('an LZ4 block is shorter than its checksum');
  const checksum = lz4.put(data.subarray(CHECKSUM_BYTES));
  if (checksum !== Buffer.from(data.buffer, data.byteOffset, CHECKSUM_BYTES).readBigUInt64BE()) {
    throw new Damage('the checksum of an LZ4 block is wrong');
  }
  const plain = lz4.decode(plainBytes);
  if (plain === undefined) throw new Damage('damaged LZ4 data');
  return plain;
};
