/** Arrays in NumPy's `.npy` format: what both sides of a comparison can read. */
import { closeSync, fstatSync, openSync, readSync, writeFileSync } from 'node:fs';
import { npyBytes, npyHeader } from '@hep/files';

/** More than the header of an array has. */
const HEADER_BYTES = 4096;

/** Writes a C-ordered float array. */
export function writeNpy(path: string, values: Float32Array | Float64Array, shape: readonly number[]): void {
  writeFileSync(path, npyBytes({ shape, values }));
}

/** Reads an array that {@link writeNpy} wrote from a Float32Array, into shared memory. */
export function readFloat32(path: string): Float32Array {
  return new Float32Array(readShared(path));
}

/** Reads an array that {@link writeNpy} wrote from a Float64Array, into shared memory. */
export function readFloat64(path: string): Float64Array {
  return new Float64Array(readShared(path));
}

function readShared(path: string): SharedArrayBuffer {
  const file = openSync(path, 'r');
  const beginning = Buffer.alloc(HEADER_BYTES);
  const { start } = npyHeader(beginning.subarray(0, readSync(file, beginning, 0, HEADER_BYTES, 0)));
  const memory = new SharedArrayBuffer(fstatSync(file).size - start);
  const bytes = new Uint8Array(memory);
  for (let position = 0; position < bytes.length;) {
    const count = readSync(file, bytes, position, bytes.length - position, start + position);
    if (count === 0) throw new Error(`${path}: ends after ${position} of ${bytes.length} bytes`);
    position += count;
  }
  closeSync(file);
  return memory;
}
