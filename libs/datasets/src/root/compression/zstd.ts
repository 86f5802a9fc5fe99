import { Damage } from '../../damage.ts';
import { checkZstdSize } from '../../zstd-size.ts';
import type { BlockDecoder } from './decompress.ts';

/** A Zstandard frame. The package allocates what the frame says, which is therefore compared with what ROOT announces. */
export const decodeZstd: BlockDecoder = async (data, plainBytes) => {
  checkZstdSize(data, plainBytes);
  const { Decoder } = await import('@toondepauw/node-zstd');
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.length);
  return new Decoder().decode(bytes).catch((error: Error) => {
    throw new Damage(`damaged zstd data (${error.message})`);
  });
};
