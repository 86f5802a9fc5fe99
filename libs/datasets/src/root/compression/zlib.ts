import { promisify } from 'node:util';
import { inflate, inflateRaw } from 'node:zlib';
import { Damage } from '../../damage.ts';
import { freeMemory } from '../file/free-memory.ts';
import type { Allocate, BlockDecoder } from './decompress.ts';

const LARGE_BYTES = 64 * 1024;

/** zlib data with its checksum. */
export const decodeZlib: BlockDecoder = (...block) => unzip(inflate, ...block);

/** Method CS, bare deflate data of files from before 2004. */
export const decodeDeflate: BlockDecoder = (...block) => unzip(inflateRaw, ...block);

/**
 * Runs in Node's threads. A buffer that comes out full would make Node allocate a second one, hence a byte more. Large ones
 * are copied and freed; small ones lie together in memory of Node's.
 */
async function unzip(
  method: typeof inflate,
  data: Uint8Array,
  plainBytes: number,
  allocate: Allocate,
): Promise<Uint8Array> {
  const options = { chunkSize: Math.max(64, plainBytes + 1), maxOutputLength: Math.max(1, plainBytes) };
  const plain = await promisify<Uint8Array, object, Buffer<ArrayBuffer>>(method)(data, options).catch(
    (error: Error) => {
      throw new Damage(`damaged zlib data (${error.message})`);
    },
  );
  if (plain.length < LARGE_BYTES) return plain;
  const kept = allocate(plain.length);
  kept.set(plain);
  freeMemory(plain);
  return kept;
}
