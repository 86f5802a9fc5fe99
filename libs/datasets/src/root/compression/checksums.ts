import type { createXXHash3, createXXHash64, IHasher } from 'hash-wasm';

/** A checksum in eight bytes, big-endian. */
export type Checksum = (bytes: Uint8Array) => Uint8Array;

let xxh64: Promise<Checksum> | undefined;
let xxh3: Promise<Checksum> | undefined;

/** XXH64, of LZ4 blocks. */
export function loadXxh64(): Promise<Checksum> {
  type Part = { createXXHash64: typeof createXXHash64 };
  return (xxh64 ??= loadPart<Part>('xxhash64').then(async (part) => checksum(await part.createXXHash64())));
}

/** XXH3 of 64 bits, of RNTuple. */
export function loadXxh3(): Promise<Checksum> {
  type Part = { createXXHash3: typeof createXXHash3 };
  return (xxh3 ??= loadPart<Part>('xxhash3').then(async (part) => checksum(await part.createXXHash3())));
}

/** A single hash of the package: all of them at once cost 50 ms to load. The parts come without types. */
async function loadPart<Part>(name: string): Promise<Part> {
  const module: unknown = await import(`hash-wasm/dist/${name}.umd.min.js`);
  return (module as { default: Part }).default;
}

function checksum(hasher: IHasher): Checksum {
  return (bytes) => hasher.init().update(bytes).digest('binary');
}
