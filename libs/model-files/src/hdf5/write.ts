import h5wasm from 'h5wasm';
import { elementsOf, shapeText, type NamedTensor } from '../named-tensor.ts';
import { DIGEST_ATTRIBUTE, tensorDigest } from './stored-tensor.ts';

/** A group of a file that is being written. */
export type Hdf5Group = InstanceType<typeof h5wasm.Group>;

/** In the library's own file system, which is memory. */
const PATH = '/weights.h5';

/** Bytes of an HDF5 file that every reader knows (old layout), filled by `fill`; the same whenever they are made. */
export async function hdf5Bytes(fill: (file: Hdf5Group) => void): Promise<Uint8Array> {
  const { FS } = await h5wasm.ready;
  const begun = nowInSeconds();
  const file = new h5wasm.File(PATH, 'w', { libver: ['earliest', 'v110'] });
  try {
    try {
      fill(file);
    } finally {
      file.close();
    }
    return withoutTimes(Buffer.from(FS.readFile(PATH)), begun, nowInSeconds());
  } finally {
    FS.unlink(PATH);
  }
}

const nowInSeconds = () => Math.floor(Date.now() / 1000);

/** Header message 0x0012 of 8 bytes, version 1: when an object was changed, seconds in the 4 bytes behind. */
const TIME_MESSAGE = Buffer.from('120008000000000001000000', 'hex');

/** Sets the times of change to 0, so that the same weights are the same bytes; the library always writes them. */
function withoutTimes(bytes: Buffer, begun: number, ended: number): Buffer {
  for (let at = bytes.indexOf(TIME_MESSAGE); at >= 0; at = bytes.indexOf(TIME_MESSAGE, at + 1)) {
    const place = at + TIME_MESSAGE.length;
    const time = place + 4 <= bytes.length ? bytes.readUInt32LE(place) : 0;
    if (time >= begun && time <= ended) bytes.writeUInt32LE(0, place);
  }
  return bytes;
}

/** The group of this path below `parent`, made where it is missing. */
export function makeGroup(parent: Hdf5Group, path: string): Hdf5Group {
  return path.split('/').reduce((group, name) => {
    const known = group.get(name);
    return known === null ? group.create_group(name) : (known as Hdf5Group);
  }, parent);
}

/** Writes an array at `tensor.name` below `group`, with its SHA-256. Throws `Error` when values and shape differ. */
export function writeTensor(group: Hdf5Group, { name, shape, values }: NamedTensor): void {
  if (values.length !== elementsOf(shape)) {
    throw new Error(`${name}: ${values.length} values for shape ${shapeText(shape)}`);
  }
  const slash = name.lastIndexOf('/');
  if (slash > 0) makeGroup(group, name.slice(0, slash));
  const dataset = group.create_dataset({ name, data: values, shape: [...shape], dtype: '<f4' });
  dataset.create_attribute(DIGEST_ATTRIBUTE, tensorDigest(shape, values), null, 'S64');
}
