/** A NumPy array: values in C order. */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'float64' | 'int32' | 'int64';
  readonly data: Float32Array | Float64Array | Int32Array | BigInt64Array;
}

/** Reads, independently of the reader and writer in `@hep/files`, a version 1 `.npy` file (little-endian, C order). Throws on any other layout. */
export function parseNpy(bytes: Uint8Array): NpyArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0) !== 0x934e554d) throw new Error('not a .npy file');
  const headerLength = view.getUint16(8, true);
  const header = Buffer.from(bytes.subarray(10, 10 + headerLength)).toString('latin1');
  const descr = /'descr':\s*'([^']+)'/.exec(header)?.[1];
  const shapeText = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1];
  if (shapeText === undefined || /'fortran_order':\s*True/.test(header)) {
    throw new Error(`unsupported .npy header ${header}`);
  }
  const shape = shapeText
    .split(',')
    .map((field) => field.trim())
    .filter((field) => field !== '')
    .map(Number);
  const buffer = Uint8Array.from(bytes.subarray(10 + headerLength)).buffer;
  switch (descr) {
    case '<f4':
      return { shape, dtype: 'float32', data: new Float32Array(buffer) };
    case '<f8':
      return { shape, dtype: 'float64', data: new Float64Array(buffer) };
    case '<i4':
      return { shape, dtype: 'int32', data: new Int32Array(buffer) };
    case '<i8':
      return { shape, dtype: 'int64', data: new BigInt64Array(buffer) };
    default:
      throw new Error(`unsupported .npy dtype ${descr}`);
  }
}
