import type { PickleSource } from './pickle-source.ts';
import type { LongText } from './values.ts';

const PIECE_BYTES = 2 ** 20;

/**
 * Bytes that a text holds as the characters U+0000 to U+00FF, two bytes of UTF-8 from U+0080 on.
 * @throws UserError at any other character
 */
export function readLatin1(source: PickleSource, { offset, length }: LongText): Uint8Array {
  const bytes = new Uint8Array(length);
  const piece = new Uint8Array(Math.min(PIECE_BYTES, length));
  let count = 0;
  let lead = 0;
  for (let start = 0; start < length; start += piece.length) {
    const part = piece.subarray(0, Math.min(piece.length, length - start));
    source.readSync(offset + start, part);
    for (let i = 0; i < part.length; i++) {
      const byte = part[i];
      if (lead !== 0 && (byte & 0xc0) === 0x80) {
        bytes[count++] = ((lead & 3) << 6) | (byte & 0x3f);
        lead = 0;
      } else if (lead === 0 && byte < 0x80) bytes[count++] = byte;
      else if (lead === 0 && (byte === 0xc2 || byte === 0xc3)) lead = byte;
      else throw source.error('a character that stands for no byte', offset + start + i);
    }
  }
  if (lead !== 0) throw source.error('a character that stands for no byte', offset + length);
  return bytes.subarray(0, count);
}
