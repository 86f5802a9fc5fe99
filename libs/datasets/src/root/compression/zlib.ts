import { promisify } from 'node:util';
import { inflate, inflateRaw, inflateRawSync, inflateSync } from 'node:zlib';
import { zlibReason } from '@hep/files';
import { Damage } from '../../damage.ts';
import type { BlockDecoder } from './decompress.ts';

type Unzip = (
  data: Uint8Array,
  bounds: { readonly chunkSize: number; readonly maxOutputLength: number },
) => Promise<Buffer<ArrayBuffer>> | Buffer<ArrayBuffer>;

const HANDED_OVER = { zlib: promisify(inflate) as Unzip, deflate: promisify(inflateRaw) as Unzip };
const AT_ONCE = { zlib: inflateSync as Unzip, deflate: inflateRawSync as Unzip };

/** Decoder of zlib data with its checksum, or of bare deflate data: in Node's threads, or in this one if the workspace says so. */
export function zlibDecoder(format: 'zlib' | 'deflate'): BlockDecoder {
  return async (data, plainBytes, workspace) => {
    const unzip = (workspace.inThisThread ? AT_ONCE : HANDED_OVER)[format];
    // A buffer that comes out full would make Node allocate a second one, hence a byte more.
    const bounds = { chunkSize: Math.max(64, plainBytes + 1), maxOutputLength: Math.max(1, plainBytes) };
    try {
      return workspace.hold(await unzip(data, bounds));
    } catch (error) {
      throw new Damage(`damaged zlib data (${zlibReason(error, plainBytes)})`);
    }
  };
}
