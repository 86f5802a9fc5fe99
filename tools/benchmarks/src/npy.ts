/** Arrays in NumPy's `.npy` format, version 1.0: what both sides of a comparison can read. */
import { closeSync, openSync, readSync, writeSync } from 'node:fs';

const PREAMBLE_BYTES = 10;
const HEADER_ALIGNMENT = 64;

/** Writes a C-ordered float array. */
export function writeNpy(path: string, values: Float32Array | Float64Array, shape: readonly number[]): void {
  const descr = values instanceof Float32Array ? '<f4' : '<f8';
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.map((size) => `${size},`).join(' ')}), }`;
  const unpadded = PREAMBLE_BYTES + text.length + 1;
  const padding = (HEADER_ALIGNMENT - (unpadded % HEADER_ALIGNMENT)) % HEADER_ALIGNMENT;
  const header = `${text}${' '.repeat(padding)}\n`;
  const preamble = Buffer.from([
    0x93,
    ...Buffer.from('NUMPY'),
    1,
    0,
    header.length & 255,
    header.length >> 8,
  ]);
  const file = openSync(path, 'w');
  writeSync(file, Buffer.concat([preamble, Buffer.from(header, 'latin1')]));
  writeAll(file, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  closeSync(file);
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
  const preamble = Buffer.alloc(PREAMBLE_BYTES);
  readSync(file, preamble, 0, PREAMBLE_BYTES, 0);
  const header = Buffer.alloc(preamble.readUInt16LE(8));
  readSync(file, header, 0, header.length, PREAMBLE_BYTES);
  const [, bytesPerElement, shape] = /'<f([48])'.*\((.*)\)/.exec(header.toString('latin1'))!;
  const elements = shape.match(/\d+/g)!.reduce((product, size) => product * Number(size), 1);
  const memory = new SharedArrayBuffer(elements * Number(bytesPerElement));
  const bytes = new Uint8Array(memory);
  for (let position = 0; position < bytes.length;) {
    const start = PREAMBLE_BYTES + header.length + position;
    const count = readSync(file, bytes, position, bytes.length - position, start);
    if (count === 0) throw new Error(`${path}: ends after ${position} of ${bytes.length} bytes`);
    position += count;
  }
  closeSync(file);
  return memory;
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let position = 0; position < bytes.length;)
    position += writeSync(file, bytes, position, bytes.length - position);
}
