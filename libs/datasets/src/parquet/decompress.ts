/** Pages of Parquet files without their compression; never more bytes than the page says. */
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import zstd from '@toondepauw/node-zstd';
import { zlibReason } from '@hep/files';
import { Damage } from '../damage.ts';
import { snappyDecompress } from './snappy.ts';
import { checkZstdSize } from '../zstd-size.ts';

const decoder = new zstd.Decoder();

type Decompress = (input: Uint8Array, bytes: number) => Uint8Array;

const CODECS: ReadonlyMap<number, Decompress> = new Map<number, Decompress>([
  [0, (input) => input],
  [1, snappyDecompress],
  [2, (input, bytes) => gunzipSync(input, { maxOutputLength: Math.max(1, bytes) })],
  [4, (input, bytes) => brotliDecompressSync(input, { maxOutputLength: Math.max(1, bytes) })],
  [6, zstdDecompress],
]);
const NAMES = ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'LZO', 'BROTLI', 'LZ4', 'ZSTD', 'LZ4_RAW'];

/**
 * The `bytes` bytes of a page.
 * @throws Damage when the compressed bytes are damaged, give another number of bytes or are of another codec
 */
export function decompress(codec: number, input: Uint8Array, bytes: number): Uint8Array {
  const method = CODECS.get(codec);
  if (method === undefined) {
    throw new Damage(`compression ${NAMES[codec] ?? codec} is not read; write the file with zstd or snappy`);
  }
  if (bytes === 0) return new Uint8Array(0);
  let output: Uint8Array;
  try {
    output = method(input, bytes);
  } catch (error) {
    if (error instanceof Damage) throw error;
    throw new Damage(`${NAMES[codec]} data are damaged (${zlibReason(error, bytes)})`);
  }
  if (output.length !== bytes) throw new Damage(`a page of ${output.length} bytes, expected ${bytes}`);
  return output;
}

function zstdDecompress(input: Uint8Array, bytes: number): Uint8Array {
  checkZstdSize(input, bytes);
  return decoder.decodeSync(Buffer.from(input.buffer, input.byteOffset, input.length));
}
