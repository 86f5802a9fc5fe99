/** Hashes by which tracks of one event are known. */
const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

const number = new Float64Array(1);
const words = new Uint32Array(number.buffer);

/** Takes a number into a hash (FNV-1a over its two words, each scrambled as in MurmurHash3). */
export function addToHash(hash: number, value: number): number {
  number[0] = value;
  return step(step(hash, words[0]), words[1]);
}

function step(hash: number, word: number): number {
  let scrambled = Math.imul(word, 0xcc9e2d51);
  scrambled = (scrambled << 15) | (scrambled >>> 17);
  return Math.imul(hash ^ scrambled, PRIME) ^ (hash >>> 13);
}

/** Hash of nothing. */
export const EMPTY_HASH = OFFSET | 0;

/** Uniform in [0, 1) from a hash and a seed: neighbouring hashes and seeds give independent numbers. */
export function fractionOfHash(hash: number, seed: number): number {
  let mixed = Math.imul(hash ^ Math.imul(seed + 1, 0x9e3779b1), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0x27d4eb2f);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
}
