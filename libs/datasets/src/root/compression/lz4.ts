import { Damage } from '../../damage.ts';
import type { BlockDecoder } from './decompress.ts';
import { Lz4Memory } from './lz4-memory.ts';

const CHECKSUM_BYTES = 8;

let memory: Lz4Memory | undefined;

/**
 * A raw LZ4 block behind its XXH64. It is decoded in this thread, faster than results come back from another one, and in
 * memory that stays: buffers for every block are garbage whose collection takes longer than the decoding.
 */
export const decodeLz4: BlockDecoder = async (data, plainBytes, allocate) => {
  if (data.length < CHECKSUM_BYTES) throw new Damage('an LZ4 block is shorter than its checksum');
  memory ??= new Lz4Memory();
  const checksum = memory.put(data.subarray(CHECKSUM_BYTES));
  if (checksum !== Buffer.from(data.buffer, data.byteOffset, CHECKSUM_BYTES).readBigUInt64BE()) {
    throw new Damage('the checksum of an LZ4 block is wrong');
  }
  const decoded = memory.decode(plainBytes);
  if (decoded === undefined) throw new Damage('damaged LZ4 data');
  const plain = allocate(decoded.length);
  plain.set(decoded);
  return plain;
};
