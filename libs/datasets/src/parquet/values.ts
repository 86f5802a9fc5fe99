/** Values of pages in the forms that Parquet encodes them in. */
import { freeMemory } from '../columns/free-memory.ts';
import { Damage } from '../damage.ts';
import { deltaIntegers } from './delta.ts';
import { readHybrid, readLevels } from './levels.ts';
import type { Leaf } from './schema.ts';

/** Values as they are stored: little-endian bytes of fixed width, in a buffer of their own or in that of the page, or texts. */
export type Stored =
  | { readonly kind: 'numbers'; readonly bytes: Uint8Array; readonly count: number; readonly isOwn?: boolean }
  | { readonly kind: 'texts'; readonly texts: readonly string[]; readonly count: number };

const [PLAIN, PLAIN_DICTIONARY, RLE, DELTA_INTEGERS, DICTIONARY, BYTE_STREAM_SPLIT] = [0, 2, 3, 5, 8, 9];
const NAMES: Readonly<Record<number, string>> = {
  4: 'BIT_PACKED',
  6: 'DELTA_LENGTH_BYTE_ARRAY',
  7: 'DELTA_BYTE_ARRAY',
};

/**
 * `count` values of a page; booleans are one byte each.
 * @throws Damage when there are fewer, or their encoding is not read
 */
export function decodeValues(
  leaf: Leaf,
  encoding: number,
  data: Uint8Array,
  count: number,
  dictionary: Stored | undefined,
): Stored {
  if (encoding === DICTIONARY || encoding === PLAIN_DICTIONARY) {
    if (dictionary === undefined) throw new Damage('a page of indices without a dictionary');
    return fromDictionary(leaf, dictionary, data, count);
  }
  if (leaf.physical === 'bytes') {
    if (encoding === PLAIN) return { kind: 'texts', texts: plainTexts(data, count), count };
  } else if (leaf.physical === 'boolean') {
    if (encoding === PLAIN) return numbers(plainBits(data, count), count);
    if (encoding === RLE) return numbers(readLevels(data.subarray(4), 1, count), count);
  } else if (encoding === PLAIN) {
    return numbers(within(data, count * leaf.width), count);
  } else if (encoding === BYTE_STREAM_SPLIT) {
    return numbers(joinStreams(within(data, count * leaf.width), leaf.width), count);
  } else if (encoding === DELTA_INTEGERS) {
    return numbers(deltaIntegers(data, count, leaf.width), count);
  }
  const name = NAMES[encoding] ?? `number ${encoding}`;
  throw new Damage(
    `encoding ${name} of ${leaf.physical} values is not read; write the file with plain encodings`,
  );
}

/** Bytes of one value as {@link decodeValues} gives it. */
export function valueBytes({ physical, width }: Leaf): number {
  return physical === 'boolean' ? 1 : width;
}

function numbers(bytes: Uint8Array, count: number): Stored {
  return { kind: 'numbers', bytes, count };
}

function within(data: Uint8Array, bytes: number): Uint8Array {
  if (data.length < bytes) throw new Damage(`${data.length} bytes of values, expected ${bytes}`);
  return data.subarray(0, bytes);
}

function plainBits(data: Uint8Array, count: number): Uint8Array {
  within(data, Math.ceil(count / 8));
  const values = new Uint8Array(count);
  for (let i = 0; i < count; i++) values[i] = (data[i >> 3] >> (i & 7)) & 1;
  return values;
}

function plainTexts(data: Uint8Array, count: number): string[] {
  const buffer = Buffer.from(data.buffer, data.byteOffset, data.length);
  const texts: string[] = [];
  for (let i = 0, position = 0; i < count; i++) {
    const end = position + 4 + (position + 4 <= buffer.length ? buffer.readUInt32LE(position) : Infinity);
    if (end > buffer.length) throw new Damage(`${i} of ${count} texts are there`);
    texts.push(buffer.toString('utf8', position + 4, end));
    position = end;
  }
  return texts;
}

function joinStreams(data: Uint8Array, width: number): Uint8Array {
  const joined = new Uint8Array(data.length);
  const count = data.length / width;
  for (let byte = 0; byte < width; byte++) {
    for (let i = 0; i < count; i++) joined[i * width + byte] = data[byte * count + i];
  }
  return joined;
}

function fromDictionary(leaf: Leaf, dictionary: Stored, data: Uint8Array, count: number): Stored {
  if (data.length === 0) throw new Damage('a page of indices without their width');
  const indices = readHybrid(data.subarray(1), data[0], count);
  for (let i = 0; i < count; i++) {
    if (indices[i] >= dictionary.count)
      throw new Damage(`index ${indices[i]} of ${dictionary.count} entries`);
  }
  if (dictionary.kind === 'texts') {
    return { kind: 'texts', texts: Array.from(indices, (index) => dictionary.texts[index]), count };
  }
  if (leaf.width !== 4 && leaf.width !== 8) throw new Damage(`a dictionary of ${leaf.physical} values`);
  const bytes = gather(dictionary.bytes, indices, leaf.width === 4 ? 1 : 2);
  freeMemory(indices);
  return { kind: 'numbers', bytes, count, isOwn: true };
}

/** Entries of 1 or 2 words each; words, because one loop for all types runs fast. */
function gather(bytes: Uint8Array, indices: Uint32Array, words: 1 | 2): Uint8Array {
  const entries = new Uint32Array(Uint8Array.from(bytes).buffer);
  const values = new Uint32Array(indices.length * words);
  if (words === 1) for (let i = 0; i < indices.length; i++) values[i] = entries[indices[i]];
  else {
    for (let i = 0; i < indices.length; i++) {
      values[2 * i] = entries[2 * indices[i]];
      values[2 * i + 1] = entries[2 * indices[i] + 1];
    }
  }
  return new Uint8Array(values.buffer);
}
