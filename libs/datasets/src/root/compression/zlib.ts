import { promisify } from 'node:util';
import { inflate, inflateRaw } from 'node:zlib';
import { Damage } from '../../damage.ts';
import type { BlockDecoder } from './decompress.ts';
import type { Workspace } from './workspace.ts';

/** zlib data with its checksum. */
export const decodeZlib: BlockDecoder = (...block) => unzip(inflate, ...block);

/** Method CS, bare deflate data of files from before 2004. */
export const decodeDeflate: BlockDecoder = (...block) => unzip(inflateRaw, ...block);

/** Runs in Node's threads. A buffer that comes out full would make Node allocate a second one, hence a byte more. */
async function unzip(
  method: typeof inflate,
  data: Uint8Array,
  plainBytes: number,
  workspace: Workspace,
): Promise<Uint8Array> {
  const options = { chunkSize: Math.max(64, plainBytes + 1), maxOutputLength: Math.max(1, plainBytes) };
  const plain = await promisify<Uint8Array, object, Buffer<ArrayBuffer>>(method)(data, options).catch(
    (error: Error) => {
      throw new Damage(`damaged zlib data (${error.message})`);
    },
  );
  return workspace.hold(plain);
}
