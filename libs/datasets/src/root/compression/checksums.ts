import type { createXXHash3 } from 'hash-wasm';
import { Damage } from '../../damage.ts';

/** A checksum in eight bytes, big-endian. */
type Checksum = (bytes: Uint8Array) => Uint8Array;

/** Bytes of an XXH3. */
export const XXH3_BYTES = 8;

let xxh3: Promise<Checksum> | undefined;

/**
 * XXH3 of 64 bits, of RNTuple. A single hash of the package is loaded: all of them at once cost 50 ms. The parts come
 * without types.
 */
function loadXxh3(): Promise<Checksum> {
  return (xxh3 ??= (async () => {
    const module: unknown = await import('hash-wasm/dist/xxhash3.umd.min.js' as string);
    const hasher = await (
      module as { default: { createXXHash3: typeof createXXHash3 } }
    ).default.createXXHash3();
    return (bytes) => hasher.init().update(bytes).digest('binary');
  })());
}

/**
 * Compares bytes with the XXH3 that was stored with them, little-endian as everywhere but in the anchor of an RNTuple.
 * @param what the bytes are, for the message
 * @throws Damage when they differ
 */
export async function checkXxh3(
  bytes: Uint8Array,
  stored: Uint8Array,
  what: string,
  isLittleEndian = true,
): Promise<void> {
  const expected = isLittleEndian ? Uint8Array.from(stored).reverse() : stored;
  const hash = await loadXxh3();
  if (Buffer.compare(hash(bytes), expected) !== 0) throw new Damage(`the checksum of ${what} is wrong`);
}
