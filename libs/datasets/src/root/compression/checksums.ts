import type { IHasher } from 'hash-wasm';

let hashers: Promise<{ xxh64: IHasher; xxh3: IHasher }> | undefined;

/** The checksums of LZ4 blocks and of RNTuple, as functions to eight bytes, big-endian. */
export async function checksums(): Promise<Record<'xxh64' | 'xxh3', (bytes: Uint8Array) => Uint8Array>> {
  hashers ??= import('hash-wasm').then(async ({ createXXHash3, createXXHash64 }) => ({
    xxh64: await createXXHash64(),
    xxh3: await createXXHash3(),
  }));
  const { xxh64, xxh3 } = await hashers;
  return { xxh64: (bytes) => digest(xxh64, bytes), xxh3: (bytes) => digest(xxh3, bytes) };
}

function digest(hasher: IHasher, bytes: Uint8Array): Uint8Array {
  return hasher.init().update(bytes).digest('binary');
}
