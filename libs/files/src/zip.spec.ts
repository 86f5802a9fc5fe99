import { crc32, deflateRawSync } from 'node:zlib';
import { ZipArchive, ZipError, zipArchive } from './index.ts';

const text = (content: string) => Buffer.from(content);
const sample = () =>
  Buffer.from(zipArchive({ 'a.txt': text('first'), 'b/c.bin': text('second '.repeat(50)) }));

/** The sample's second entry deflated; `claimed` is the size that the directory tells. */
function deflatedArchive(content: Buffer, claimed = content.length): Buffer {
  const packed = deflateRawSync(content);
  const bytes = Buffer.from(zipArchive({ x: packed }));
  const central = bytes.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
  for (const [at, method, checksum, size] of [
    [0, 8, 14, 22],
    [central, 10, 16, 24],
  ]) {
    bytes.writeUInt16LE(8, at + method);
    bytes.writeUInt32LE(crc32(content), at + checksum);
    bytes.writeUInt32LE(claimed, at + size);
  }
  return bytes;
}

describe('a ZIP archive', () => {
  it('gives what was put in, in order, and the same bytes each time', () => {
    const archive = new ZipArchive(sample());
    expect(archive.names).toEqual(['a.txt', 'b/c.bin']);
    expect(String(archive.content('a.txt', 100))).toBe('first');
    expect(archive.content('absent', 100)).toBeUndefined();
    expect(sample()).toEqual(sample());
    expect(ZipArchive.isLikely(sample())).toBe(true);
    expect(ZipArchive.isLikely(text('entry,'))).toBe(false);
  });

  it('may be deflated', () => {
    const content = text('abc'.repeat(10_000));
    expect(new ZipArchive(deflatedArchive(content)).content('x', 30_000)).toEqual(content);
  });

  it('never unpacks more than its directory says, and no more than is allowed', () => {
    const content = Buffer.alloc(1_000_000);
    expect(() => new ZipArchive(deflatedArchive(content)).content('x', 999_999)).toThrow(
      'entry x has 1000000 bytes, more than the 999999 allowed',
    );
    expect(() => new ZipArchive(deflatedArchive(content, 1000)).content('x', 999_999)).toThrow(
      'entry x is damaged: more than the 1000 bytes announced',
    );
  });

  it('is refused when it unpacks to far more than its size', () => {
    const claimed = deflatedArchive(Buffer.alloc(1000), 2 ** 30 + 1);
    expect(() => new ZipArchive(claimed)).toThrow('unpacks to 1073741825 bytes, more than 100 times its own');
    expect(new ZipArchive(deflatedArchive(Buffer.alloc(1000), 2 ** 30)).names).toEqual(['x']);
  });

  it('is refused when entries share bytes', () => {
    const bytes = sample();
    const second = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    bytes.writeUInt32LE(0, second + 42);
    expect(() => new ZipArchive(bytes)).toThrow('entries overlap');
  });

  it('is refused when two entries have one name', () => {
    const bytes = Buffer.from(zipArchive({ aa: text('1'), ab: text('2') }));
    bytes.write('aa', bytes.lastIndexOf('ab'));
    expect(() => new ZipArchive(bytes)).toThrow('two entries are named "aa"');
  });

  it('damaged in any single byte or cut anywhere gives the same content or a ZipError', () => {
    const intact = sample();
    const contents = (bytes: Buffer) => {
      const archive = new ZipArchive(bytes);
      return archive.names.map((name) => String(archive.content(name, 1000)));
    };
    const expected = contents(intact);
    let refused = 0;
    const attempt = (bytes: Buffer) => {
      try {
        expect(contents(bytes)).toEqual(expected);
      } catch (error) {
        expect(error).toBeInstanceOf(ZipError);
        refused++;
      }
    };
    for (let length = 0; length < intact.length; length++) attempt(intact.subarray(0, length));
    expect(refused).toBe(intact.length);
    const dataEnd = intact.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    for (let at = 0; at < dataEnd; at++) {
      const bytes = Buffer.from(intact);
      bytes[at] ^= 0x10;
      attempt(bytes);
    }
    expect(refused).toBeGreaterThan(intact.length + 300);
  });
});
