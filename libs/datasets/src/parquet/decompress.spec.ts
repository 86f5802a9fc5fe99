import { brotliCompressSync, gzipSync } from 'node:zlib';
import { decompress } from './decompress.ts';

describe('decompress', () => {
  it.each([
    ['GZIP', 2, gzipSync],
    ['BROTLI', 4, brotliCompressSync],
  ] as const)('stops %s data at the size of the page', (name, codec, compress) => {
    const packed = compress(Buffer.alloc(2 ** 20));
    expect(decompress(codec, packed, 2 ** 20)).toHaveLength(2 ** 20);
    expect(() => decompress(codec, packed, 32)).toThrow(
      `${name} data are damaged (more than the 32 bytes announced)`,
    );
  });
});
