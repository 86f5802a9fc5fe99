import { Hdf5Bytes, Hdf5Error } from './bytes.ts';
import { readGroup } from './group.ts';
import { findMessage, MESSAGE, readObjectHeader, type HeaderMessage } from './object-header.ts';
import { readTexts } from './text.ts';
import { elementCount, readElementType, readShape } from './types.ts';

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** A float dataset: dimensions and values in C order, converted to float32. */
export interface FloatArray {
  readonly shape: number[];
  readonly values: Float32Array;
}

/**
 * Reads the part of HDF5 that Keras writes through h5py: superblock 0 or 1, old-style groups, text attributes,
 * contiguous float datasets. Pure TypeScript and bounds-checked, because the HDF5 C library aborts its whole
 * process on some damaged files. Everything else throws `Hdf5Error` with the reason.
 *
 * Memory: all datasets and texts together may not exceed the size of the file.
 */
export class Hdf5File {
  private readonly bytes: Hdf5Bytes;
  private readonly budget: { bytes: number };
  private readonly headers = new Map<number, HeaderMessage[]>();
  private readonly groups = new Map<number, ReadonlyMap<string, number>>();
  private readonly root: number;

  constructor(content: Uint8Array) {
    this.bytes = new Hdf5Bytes(content);
    this.budget = { bytes: content.byteLength };
    this.root = this.readSuperblock(content);
  }

  /** Whether these bytes begin as an HDF5 file does. */
  static isLikely(content: Uint8Array): boolean {
    return SIGNATURE.every((byte, i) => content[i] === byte);
  }

  private readSuperblock(content: Uint8Array): number {
    const bytes = this.bytes;
    if (!Hdf5File.isLikely(content)) throw new Hdf5Error('not an HDF5 file');
    const version = bytes.u8(8);
    if (version > 1)
      throw new Hdf5Error("stored in the newer HDF5 layout; save it again with h5py's default libver");
    if (bytes.u8(13) !== 8 || bytes.u8(14) !== 8)
      throw new Hdf5Error('damaged: addresses are not 8 bytes wide');
    const addresses = version === 0 ? 24 : 28;
    if (bytes.length64(addresses) !== 0) throw new Hdf5Error('damaged: the file does not start at offset 0');
    const endOfFile = bytes.length64(addresses + 16);
    if (endOfFile > bytes.length) {
      throw new Hdf5Error(`truncated: ${bytes.length} bytes on disk, ${endOfFile} bytes when it was written`);
    }
    return bytes.requiredAddress(addresses + 40, 'root group');
  }

  /** Does the group or dataset exist? `path` has no leading slash; `''` is the root. */
  has(path: string): boolean {
    return this.find(path) !== undefined;
  }

  /** Names of the members of a group; none for what is no group. Throws `Hdf5Error` when it is missing. */
  names(path: string): string[] {
    const address = this.find(path);
    if (address === undefined) throw new Hdf5Error(`group /${path} is missing`);
    return [...this.members(address).keys()];
  }

  /** Text array stored as attribute `name` of the object, or `undefined` where there is none. Empty arrays of any
   * type are returned as `[]`. */
  texts(path: string, name: string): string[] | undefined {
    for (const message of this.header(path)) {
      if (message.type !== MESSAGE.attribute) continue;
      const attribute = this.readAttributeHeader(message);
      if (attribute.name !== name) continue;
      if (elementCount(attribute.shape) === 0) return [];
      if (attribute.type.kind !== 'fixedText' && attribute.type.kind !== 'variableText') {
        throw new Hdf5Error(`damaged: attribute ${name} of /${path} is not text`);
      }
      return readTexts(this.bytes, attribute.data, attribute.type, attribute.shape, this.budget);
    }
    return undefined;
  }

  /** Values of a float32 or float64 dataset. Throws `Hdf5Error` when it is missing, compressed or of another type. */
  floats(path: string): FloatArray {
    const messages = this.header(path);
    const space = findMessage(messages, MESSAGE.dataspace);
    const datatype = findMessage(messages, MESSAGE.datatype);
    const layout = findMessage(messages, MESSAGE.layout);
    if (!space || !datatype || !layout) throw new Hdf5Error('is not an array');
    const type = readElementType(this.bytes, datatype.offset);
    if (type.kind !== 'float') throw new Hdf5Error('does not hold float32 or float64 numbers');
    const shape = readShape(this.bytes, space.offset);
    const count = elementCount(shape);
    this.budget.bytes -= count * type.size;
    if (this.budget.bytes < 0)
      throw new Hdf5Error(`has shape [${shape.join(', ')}], more than the file can hold`);
    return { shape, values: this.copyFloats(this.storage(layout, count * type.size), count, type.size) };
  }

  private find(path: string): number | undefined {
    let address = this.root;
    for (const name of path === '' ? [] : path.split('/')) {
      const child = this.members(address).get(name);
      if (child === undefined) return undefined;
      address = child;
    }
    return address;
  }

  private members(address: number): ReadonlyMap<string, number> {
    const known = this.groups.get(address);
    if (known) return known;
    const table = findMessage(this.headerAt(address), MESSAGE.symbolTable);
    const members = table
      ? readGroup(
          this.bytes,
          this.bytes.requiredAddress(table.offset, 'group tree'),
          this.bytes.requiredAddress(table.offset + 8, 'group names'),
        )
      : new Map<string, number>();
    this.groups.set(address, members);
    return members;
  }

  private header(path: string): HeaderMessage[] {
    const address = this.find(path);
    if (address === undefined) throw new Hdf5Error('is missing');
    return this.headerAt(address);
  }

  private headerAt(address: number): HeaderMessage[] {
    const known = this.headers.get(address);
    if (known) return known;
    const messages = readObjectHeader(this.bytes, address);
    this.headers.set(address, messages);
    return messages;
  }

  private readAttributeHeader({ offset, size }: HeaderMessage) {
    const bytes = this.bytes;
    const version = bytes.u8(offset);
    if (version < 1 || version > 3) throw new Hdf5Error(`damaged: attribute at offset ${offset}`);
    const padded = (length: number) => (version === 1 ? Math.ceil(length / 8) * 8 : length);
    const nameSize = bytes.u16(offset + 2);
    const nameAt = offset + (version === 3 ? 9 : 8);
    const typeAt = nameAt + padded(nameSize);
    const spaceAt = typeAt + padded(bytes.u16(offset + 4));
    const data = spaceAt + padded(bytes.u16(offset + 6));
    if (data > offset + size) throw new Hdf5Error(`damaged: attribute at offset ${offset}`);
    const type = readElementType(bytes, typeAt);
    const shape = readShape(bytes, spaceAt);
    if (data + elementCount(shape) * type.size > offset + size) {
      throw new Hdf5Error(`damaged: attribute at offset ${offset} is larger than its message`);
    }
    return { name: bytes.text(nameAt, nameSize), type, shape, data };
  }

  private storage(layout: HeaderMessage, size: number): number {
    const bytes = this.bytes;
    if (bytes.u8(layout.offset) !== 3 && bytes.u8(layout.offset) !== 4)
      throw new Hdf5Error('damaged: array layout');
    const kind = bytes.u8(layout.offset + 1);
    if (kind === 0) {
      if (bytes.u16(layout.offset + 2) < size) throw new Hdf5Error('damaged: array smaller than its shape');
      return layout.offset + 4;
    }
    if (kind !== 1)
      throw new Hdf5Error('is stored in compressed or chunked form; save it without compression');
    if (size === 0) return 0;
    const address = bytes.address(layout.offset + 2);
    if (address === undefined) throw new Hdf5Error('was never written');
    if (bytes.length64(layout.offset + 10) < size)
      throw new Hdf5Error('damaged: array smaller than its shape');
    return address;
  }

  private copyFloats(offset: number, count: number, size: 4 | 8): Float32Array {
    const raw = this.bytes.slice(offset, count * size).slice().buffer;
    return size === 4 ? new Float32Array(raw) : Float32Array.from(new Float64Array(raw));
  }
}
