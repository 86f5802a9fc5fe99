import { deflateRawSync, deflateSync } from 'node:zlib';
import { Encoder } from '@toondepauw/node-zstd';
import fc from 'fast-check';
import { createXXHash64 } from 'hash-wasm';
import { compressSync } from 'lz4-napi';
import { Damage } from '../../damage.ts';
import { decompress } from './decompress.ts';
import { Workspace } from './workspace.ts';
import { zlibDecoder } from './zlib.ts';

const xxh64 = await createXXHash64();
/** 300 000 zero bytes, compressed by `lzma.compress` of Python. */
const ZEROS_XZ =
  '/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj5JPfAG9dAABv/f//o7f/Rz5IFXI5YVG4kijmo4YH+e7kHoLTL8U6PAFLsX7JiopNL6MN2X+m44wjEVPgWRjFdYrid/i2lH8MasDedElk4ulcU7IE2PdEDKtfDW1G6eXDdoi3llestk3haR1v+0uIEGw1jEDBAAAAH58pcZX/q9AAAYsB4KcSAHhj/vixxGf7AgAAAAAEWVo=';
const ZEROS = 300_000;

type Packer = (plain: Uint8Array) => Uint8Array;
const packers: Record<string, Packer> = {
  ZL: (plain) => deflateSync(plain),
  CS: (plain) => deflateRawSync(plain),
  L4: packLz4,
  ZS: (plain) => new Encoder(3).encodeSync(Buffer.from(plain)),
};

function packLz4(plain: Uint8Array): Uint8Array {
  return withChecksum(compressSync(Buffer.from(plain)).subarray(4));
}

function withChecksum(block: Uint8Array): Uint8Array {
  return Buffer.concat([xxh64.init().update(block).digest('binary'), block]);
}

function record(method: string, data: Uint8Array, plainBytes: number): Buffer {
  const header = Buffer.alloc(9);
  header.write(method);
  header.writeUIntLE(data.length, 3, 3);
  header.writeUIntLE(plainBytes, 6, 3);
  return Buffer.concat([header, data]);
}

async function complaint(data: Uint8Array, plainBytes: number): Promise<string> {
  const error: unknown = await decompress(data, plainBytes).catch((reason: unknown) => reason);
  return error instanceof Damage ? error.message : `no Damage but ${String(error)}`;
}

describe.each(Object.entries(packers))('records of method %s', (method, pack) => {
  it('come back, in one block or several', async () => {
    const block = fc.uint8Array({ minLength: 100, maxLength: 3000 }).map((half) => [...half, ...half]);
    await fc.assert(
      fc.asyncProperty(fc.array(block, { minLength: 1, maxLength: 3 }), async (blocks) => {
        const parts = blocks.map((part) => record(method, pack(Uint8Array.from(part)), part.length));
        const plain = blocks.flat();
        expect([...(await decompress(Buffer.concat(parts), plain.length))]).toEqual(plain);
      }),
      { numRuns: 20 },
    );
  });

  it('are refused when they hold more or less than announced', async () => {
    const packed = pack(new Uint8Array(ZEROS));
    expect(await complaint(record(method, packed, ZEROS - 1), ZEROS - 1)).not.toContain('no Damage');
    expect(await complaint(record(method, packed, ZEROS + 1), ZEROS + 1)).not.toContain('no Damage');
    expect(await complaint(record(method, packed, 1000), 1000)).not.toContain('no Damage');
  });
});

describe('a workspace', () => {
  it('keeps the plain bytes of a large record until the next one, then frees them', async () => {
    const workspace = new Workspace();
    const plainOf = (byte: number) => new Uint8Array(200_000).fill(byte);
    const read = (byte: number) =>
      decompress(record('ZL', deflateSync(plainOf(byte)), 200_000), 200_000, workspace);
    const first = await read(1);
    expect(first.every((byte) => byte === 1)).toBe(true);
    const second = await read(2);
    expect([first.length, second.length, second[199_999]]).toEqual([0, 200_000, 2]);
  });

  it('decodes LZ4 blocks in turn in the same memory', async () => {
    const workspace = new Workspace();
    for (const size of [1000, 300_000, 20]) {
      const plain = Uint8Array.from({ length: size }, (_, i) => (i >> 4) & 255);
      expect([...(await decompress(record('L4', packLz4(plain), size), size, workspace))]).toEqual([
        ...plain,
      ]);
    }
  });
});

describe('records of method XZ', () => {
  const packed = Buffer.from(ZEROS_XZ, 'base64');

  it('come back', async () => {
    const plain = await decompress(record('XZ', packed, ZEROS), ZEROS);
    expect([plain.length, plain.some((byte) => byte !== 0)]).toEqual([ZEROS, false]);
  });

  it('are refused when cut off, damaged or of another size', async () => {
    const flipped = Buffer.from(packed);
    flipped[40] ^= 1;
    for (const data of [packed.subarray(0, 60), packed.subarray(0, 100), flipped]) {
      expect(await complaint(record('XZ', data, ZEROS), ZEROS)).toMatch(/xz/);
    }
    expect(await complaint(record('XZ', packed, 1000), 1000)).toBe('an xz block is not 1000 bytes long');
  });
});

describe('hostile records', () => {
  it('are refused by the checksum of LZ4', async () => {
    const packed = packLz4(new Uint8Array(1000));
    packed[12] ^= 1;
    expect(await complaint(record('L4', packed, 1000), 1000)).toBe('the checksum of an LZ4 block is wrong');
  });

  it('may not blow up without telling their size', async () => {
    const frame = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x58]);
    const run = Buffer.from([0x02, 0, 0x10, 65]); // 128 KiB of one byte
    const blocks = Array.from({ length: 100_000 }, () => run);
    const data = Buffer.concat([frame, ...blocks]);
    expect(await complaint(record('ZS', data, 1000), 1000)).toMatch(
      /^a zstd frame of up to \d+ bytes, expected 1000$/,
    );
  });

  it('are refused for unknown methods, cut blocks and sums of sizes', async () => {
    const packed = record('ZL', deflateSync(new Uint8Array(1000)), 1000);
    expect(await complaint(record('QQ', packed, 1000), 1000)).toBe(
      'compression method "QQ" is not known, expected ZL, CS, L4, ZS, XZ',
    );
    expect(await complaint(packed.subarray(0, -1), 1000)).toBe('a compressed block is cut off');
    expect(await complaint(packed.subarray(0, 5), 1000)).toBe('a compressed block is cut off');
    expect(await complaint(packed, 2000)).toBe('compressed blocks of 1000 bytes, expected 2000');
  });
});

describe.each([
  ['zlib', deflateSync],
  ['deflate', deflateRawSync],
] as const)('blocks of %s', (format, pack) => {
  it.each([true, false])(
    'are the same in this thread (%s) and in others, damage included',
    async (inThisThread) => {
      const decode = zlibDecoder(format);
      const workspace = new Workspace(inThisThread);
      const plain = Uint8Array.from({ length: 100_000 }, (_, i) => (i * i) % 251);
      const packed = pack(plain);
      expect(Buffer.from(await decode(packed, plain.length, workspace)).equals(plain)).toBe(true);
      const refused = async (data: Uint8Array, plainBytes: number) => {
        const error: unknown = await Promise.resolve(decode(data, plainBytes, workspace)).catch(
          (reason: unknown) => reason,
        );
        expect(error).toBeInstanceOf(Damage);
      };
      await refused(packed, plain.length - 1);
      await refused(packed.subarray(0, packed.length / 2), plain.length);
      await refused(Buffer.alloc(50, 0xff), plain.length);
    },
  );
});
