/** Damage or an unsupported feature found while reading an HDF5 file; the caller adds the file name. */
export class Hdf5Error extends Error {
  override readonly name = 'Hdf5Error';
}

/** More small reads than any weight file needs; a file built to keep the reader busy stops here. */
const MAX_READS = 5_000_000;
/** An address that HDF5 uses for "nothing stored". */
const UNDEFINED_ADDRESS = 0xffffffffffffffffn;

/**
 * Bounds-checked little-endian view of a whole file. Every read outside the file throws `Hdf5Error`, so damaged
 * addresses and lengths cannot reach past the bytes that exist, and the number of reads is limited.
 */
export class Hdf5Bytes {
  private readonly view: DataView;
  private readonly bytes: Uint8Array;
  private reads = 0;

  constructor(bytes: Uint8Array) {
    // A Node Buffer would share memory where a Uint8Array copies.
    this.bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Length of the file in bytes. */
  get length(): number {
    return this.bytes.byteLength;
  }

  /** Throws unless `count` bytes exist at `offset`. */
  require(offset: number, count: number): void {
    if (++this.reads > MAX_READS) throw new Hdf5Error('damaged: its structure does not end');
    if (!(offset >= 0 && count >= 0 && offset + count <= this.length)) {
      throw new Hdf5Error(`damaged or truncated: needs ${count} bytes at offset ${offset} of ${this.length}`);
    }
  }

  u8(offset: number): number {
    this.require(offset, 1);
    return this.view.getUint8(offset);
  }

  u16(offset: number): number {
    this.require(offset, 2);
    return this.view.getUint16(offset, true);
  }

  u32(offset: number): number {
    this.require(offset, 4);
    return this.view.getUint32(offset, true);
  }

  /** An 8-byte length. Values beyond 2^53 throw. */
  length64(offset: number): number {
    this.require(offset, 8);
    const value = this.view.getBigUint64(offset, true);
    if (value > BigInt(Number.MAX_SAFE_INTEGER))
      throw new Hdf5Error(`damaged: impossible length at offset ${offset}`);
    return Number(value);
  }

  /** An 8-byte address inside the file, or `undefined` where nothing is stored. */
  address(offset: number): number | undefined {
    this.require(offset, 8);
    return this.view.getBigUint64(offset, true) === UNDEFINED_ADDRESS ? undefined : this.length64(offset);
  }

  /** An address that must be present. */
  requiredAddress(offset: number, what: string): number {
    const address = this.address(offset);
    if (address === undefined) throw new Hdf5Error(`damaged: ${what} has no address`);
    return address;
  }

  /** A view of `count` bytes, not a copy. */
  slice(offset: number, count: number): Uint8Array {
    this.require(offset, count);
    return this.bytes.subarray(offset, offset + count);
  }

  /** The four-letter signature of a block must be at `offset`. */
  expectSignature(offset: number, signature: string): void {
    if (this.text(offset, 4) !== signature)
      throw new Hdf5Error(`damaged: no ${signature} block at offset ${offset}`);
  }

  /** `count` bytes as text, cut at the first zero byte. */
  text(offset: number, count: number): string {
    const slice = this.slice(offset, count);
    const end = slice.indexOf(0);
    return new TextDecoder().decode(end < 0 ? slice : slice.subarray(0, end));
  }

  /** A zero-terminated text inside [offset, limit). */
  zeroTerminated(offset: number, limit: number): string {
    this.require(offset, 0);
    const end = this.bytes.indexOf(0, offset);
    if (end < 0 || end >= limit) throw new Hdf5Error(`damaged: unterminated name at offset ${offset}`);
    return this.text(offset, end - offset);
  }
}
