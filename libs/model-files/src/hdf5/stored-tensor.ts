import { createHash } from 'node:crypto';
import { UserError } from '@hep/options';
import { shapeText } from '../named-tensor.ts';
import { Hdf5Error } from './bytes.ts';
import type { FloatArray, Hdf5File } from './file.ts';

/** Attribute of an array that holds its `tensorDigest`. */
export const DIGEST_ATTRIBUTE = 'sha256';

/** SHA-256 over the shape and the little-endian float32 values, in hexadecimal. */
export function tensorDigest(shape: readonly number[], values: Float32Array): string {
  return createHash('sha256')
    .update(shapeText(shape))
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest('hex');
}

/** An array of a file. Throws `Hdf5Error` also when it carries a SHA-256 and differs from it. */
export function storedTensor(file: Hdf5File, path: string): FloatArray {
  const { shape, values } = file.floats(path);
  const digest = file.texts(path, DIGEST_ATTRIBUTE)?.[0];
  if (digest !== undefined && digest !== tensorDigest(shape, values)) {
    throw new Hdf5Error('differs from its stored SHA-256: the file was damaged after it was written');
  }
  return { shape, values };
}

/** Runs a read; damage becomes a message about this file and, where known, this tensor. */
export function inFile<T>(path: string, what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Hdf5Error)
      throw new UserError(`${path}: ${what}${error.message}; use another file, or write it again`);
    throw error;
  }
}
