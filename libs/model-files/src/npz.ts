/** NumPy's `.npz`: `.npy` arrays in a ZIP archive without compression. */
import { crc32 } from 'node:zlib';

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
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [key, array] of Object.entries(arrays)) {
    const data = Buffer.from(npyBytes(array));
    const name = Buffer.from(`${key}.npy`);
    const common = fileHeader(data, name.length);
    const local = Buffer.concat([signature(0x04034b50), common, name, data]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([signature(0x02014b50), VERSION, common, rest, name]));
    parts.push(local);
    offset += local.length;
  }
  return Buffer.concat([...parts, ...directory, ending(directory, offset)]);
}

const VERSION = Buffer.from([20, 0]);

/** Version, flags, method (stored), time, date, checksum, sizes, length of the name, no extra field. */
function fileHeader(data: Buffer, nameLength: number): Buffer {
  const header = Buffer.alloc(26);
  header.set(VERSION);
  header.writeUInt16LE(0x21, 8); // 1980-01-01, so that the same arrays give the same bytes
  header.writeUInt32LE(crc32(data), 10);
  header.writeUInt32LE(data.length, 14);
  header.writeUInt32LE(data.length, 18);
  header.writeUInt16LE(nameLength, 22);
  return header;
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function ending(directory: readonly Buffer[], offset: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(
    directory.reduce((sum, entry) => sum + entry.length, 0),
    12,
  );
  end.writeUInt32LE(offset, 16);
  return end;
}
