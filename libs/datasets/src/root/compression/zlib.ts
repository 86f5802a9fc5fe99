import { promisify } from 'node:util';
import { inflate, inflateRaw } from 'node:zlib';
import { Damage } from '../../damage.ts';
import type { BlockDecoder } from './decompress.ts';

/** zlib data with its checksum. */
export const decodeZlib: BlockDecoder = (data, plainBytes) => unzip(inflate, data, plainBytes);

/** Method CS, bare deflate data of files from before 2004. */
export const decodeDeflate: BlockDecoder = (data, plainBytes) => unzip(inflateRaw, data, plainBytes);

/** Runs in Node's threads. A buffer that comes out full would make Node allocate a second one, hence a byte more. */
async function unzip(method: typeof inflate, data: Uint8Array, plainBytes: number): Promise<Uint8Array> {
  const options = { chunkSize: Math.max(64, plainBytes + 1), maxOutputLength: Math.max(1, plainBytes) };
  return promisify<Uint8Array, object, Buffer>(method)(data, options).catch((error: Error) => {
    throw new Damage(`damaged zlib data (${error.message})`);
  });
}
