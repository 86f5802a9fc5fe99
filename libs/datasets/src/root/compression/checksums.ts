import type { createXXHash3 } from 'hash-wasm';

/** A checksum in eight bytes, big-endian. */
export type Checksum = (bytes: Uint8Array) => Uint8Array;

let xxh3: Promise<Checksum> | undefined;

/**
 * XXH3 of 64 bits, of RNTuple. A single hash of the package is loaded: all of them at once cost 50 ms. The parts come
 * without types.
 */
export function loadXxh3(): Promise<Checksum> {
  return (xxh3 ??= (async () => {
    const module: unknown = await import('hash-wasm/dist/xxhash3.umd.min.js' as string);
    const hasher = await (
      module as { default: { createXXHash3: typeof createXXHash3 } }
    ).default.createXXHash3();
    return (bytes) => hasher.init().update(bytes).digest('binary');
  })());
}
