import type { ReadableStreamDefaultReader } from 'node:stream/web';
import { ReadableStream } from 'node:stream/web';
import type * as XzPackage from 'xz-decompress';
import { Damage } from '../../damage.ts';
import type { BlockDecoder } from './decompress.ts';

/** Empty pieces in a row that mean the decoder waits for data that will not come. */
const MOST_EMPTY_PIECES = 16;

/** LZMA2 in an xz container with its checks, in WebAssembly, piece by piece, one block at a time. */
export const decodeXz: BlockDecoder = async (data, plainBytes) => {
  const { XzReadableStream } = await loadPackage();
  const source = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(data);
      controller.close();
    },
  });
  const reader = new XzReadableStream(source as never).getReader() as ReadableStreamDefaultReader<Uint8Array>;
  const plain = new Uint8Array(plainBytes);
  let filled = 0;
  for (let empty = 0; ;) {
    const piece = await reader.read().catch((error: Error) => {
      throw new Damage(`damaged xz data (${error.message})`);
    });
    if (piece.done) return plain.subarray(0, filled);
    empty = piece.value.length === 0 ? empty + 1 : 0;
    if (filled + piece.value.length > plainBytes || empty > MOST_EMPTY_PIECES) {
      await reader.cancel();
      throw new Damage(`an xz block is not ${plainBytes} bytes long`);
    }
    plain.set(piece.value, filled);
    filled += piece.value.length;
  }
};

/** The package is CommonJS in a wrapper whose names Node does not see, so all of it is the default export. */
async function loadPackage(): Promise<typeof XzPackage> {
  const module: unknown = await import('xz-decompress');
  return (module as { default: typeof XzPackage }).default;
}
