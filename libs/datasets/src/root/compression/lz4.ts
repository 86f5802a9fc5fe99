import type { XXHashAPI } from 'xxhash-wasm';
import { Damage } from '../damage.ts';
import type { BlockDecoder } from './decompress.ts';

const CHECKSUM_BYTES = 8;
const SIZE_BYTES = 4;
let hashes: Promise<XXHashAPI> | undefined;

/** A raw LZ4 block behind its XXH64, big-endian. The package wants the plain size before the block. */
export const decodeLz4: BlockDecoder = async (data, plainBytes) => {
  if (data.length < CHECKSUM_BYTES) throw new Damage('an LZ4 block is shorter than its checksum');
  hashes ??= import('xxhash-wasm').then((module) => module.default());
  const [{ h64Raw }, { uncompressSync }] = await Promise.all([hashes, import('lz4-napi')]);
  const block = data.subarray(CHECKSUM_BYTES);
  const stored = Buffer.from(data.buffer, data.byteOffset, CHECKSUM_BYTES).readBigUInt64BE();
  if (h64Raw(block) !== stored) throw new Damage('the checksum of an LZ4 block is wrong');
  const sized = Buffer.allocUnsafe(SIZE_BYTES + block.length);
  sized.writeUInt32LE(plainBytes);
  sized.set(block, SIZE_BYTES);
  try {
    return uncompressSync(sized);
  } catch (error) {
    throw new Damage(`damaged LZ4 data (${(error as Error).message})`);
  }
};
