/** NumPy's `.npz`: `.npy` arrays in a ZIP archive without compression. */
import { zipArchive } from '@hep/files';

/** An array in C order. */
export interface NumpyArray {
  readonly shape: readonly number[];
  readonly values: Float32Array | Float64Array | Int32Array;
}

const DTYPES = { Float32Array: '<f4', Float64Array: '<f8', Int32Array: '<i4' } as const;

/** The bytes of a `.npy` file. */
export function npyBytes({ shape, values }: NumpyArray): Uint8Array {
  const dtype = DTYPES[values.constructor.name as keyof typeof DTYPES];
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${dtype}', 'fortran_order': False, 'shape': (${sizes}), }`;
  const length = Math.ceil((10 + text.length + 1) / 64) * 64 - 10;
  const header = Buffer.alloc(10 + length, ' ');
  header.write('\x93NUMPY\x01\x00', 'latin1');
  header.writeUInt16LE(length, 8);
  header.write(text, 10, 'latin1');
  header[header.length - 1] = '\n'.charCodeAt(0);
  return Buffer.concat([header, new Uint8Array(values.buffer, values.byteOffset, values.byteLength)]);
}

/** The bytes of a `.npz` file; `numpy.load` gives the arrays by these names. */
export function npzBytes(arrays: Readonly<Record<string, NumpyArray>>): Uint8Array {
  const entries = Object.entries(arrays).map(([key, array]) => [`${key}.npy`, npyBytes(array)] as const);
  return zipArchive(Object.fromEntries(entries));
}
