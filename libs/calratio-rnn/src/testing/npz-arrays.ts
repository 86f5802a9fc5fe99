import { readFileSync } from 'node:fs';
import { parseNpyBytes, ZipArchive } from '@hep/files';
import type { HostTensor } from '@hep/nn';

const LARGEST = 1e8;

/** The arrays of an `.npz` file as float32 in C order, whichever order they are stored in. */
export function npzArrays(path: string): Record<string, HostTensor> {
  const archive = new ZipArchive(readFileSync(path));
  return Object.fromEntries(
    archive.names.map((name) => [name.replace(/\.npy$/, ''), arrayOf(archive.content(name, LARGEST)!)]),
  );
}

function arrayOf(content: Buffer): HostTensor {
  const text = content.toString('latin1', 0, 256);
  if (!text.includes("'fortran_order': True")) {
    const { shape, values } = parseNpyBytes(content);
    return { shape, values: Float32Array.from(values as Float32Array) };
  }
  // `False ` would need one more letter; a blank of the padding makes room.
  const header = text.replace("'fortran_order': True", "'fortran_order': False").replace(' \n', '\n');
  const { shape, values } = parseNpyBytes(
    Buffer.concat([Buffer.from(header, 'latin1'), content.subarray(256)]),
  );
  return { shape, values: inCOrder(values as Float32Array, shape) };
}

/** Values whose first index runs fastest, reordered so that the last one does. */
function inCOrder(values: Float32Array, shape: readonly number[]): Float32Array {
  const ordered = new Float32Array(values.length);
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, size) => product * size, 1));
  for (let i = 0; i < ordered.length; i++) {
    let [rest, position] = [i, 0];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      position += (rest % shape[axis]) * strides[axis];
      rest = Math.floor(rest / shape[axis]);
    }
    ordered[i] = values[position];
  }
  return ordered;
}
