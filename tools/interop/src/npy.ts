import { writeFileSync } from 'node:fs';

const PREAMBLE_BYTES = 10;
const HEADER_ALIGNMENT = 64;

/** Writes a C-ordered array as a version 1.0 `.npy` file. */
export function writeNpy(path: string, values: Float32Array | Int32Array, shape: readonly number[]): void {
  const type = values instanceof Float32Array ? '<f4' : '<i4';
  const sizes = shape.map((size) => `${size},`).join(' ');
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${sizes}), }`;
  const unpadded = PREAMBLE_BYTES + text.length + 1;
  const padding = (HEADER_ALIGNMENT - (unpadded % HEADER_ALIGNMENT)) % HEADER_ALIGNMENT;
  const header = Buffer.from(`${text}${' '.repeat(padding)}\n`, 'latin1');
  const preamble = Buffer.from([
    0x93,
    ...Buffer.from('NUMPY'),
    1,
    0,
    header.length & 255,
    header.length >> 8,
  ]);
  const numbers = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  writeFileSync(path, Buffer.concat([preamble, header, numbers]));
}
