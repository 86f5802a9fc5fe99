/** Fields of a buffer in turn: big-endian, or little-endian for RNTuple. Every access is checked against the bytes left. */
import { Damage } from '../../damage.ts';

const BYTE_COUNT_MASK = 0x4000_0000;

/** The header of a streamed object: class version, and where the object ends if the file says so. */
export interface VersionHeader {
  readonly version: number;
  readonly end: number | undefined;
}

/** A position in bytes. All `read` methods advance it and throw `Damage` when bytes are missing. */
export class ByteCursor {
  /** The same bytes. */
  readonly view: DataView;

  constructor(
    readonly bytes: Uint8Array,
    public position = 0,
    private readonly isLittleEndian = false,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.bytes.length - this.position;
  }

  /** Advances by `count` bytes and returns where they begin. */
  take(count: number): number {
    const start = this.position;
    if (!(count >= 0 && count <= this.bytes.length - start)) {
      throw new Damage(`${count} bytes expected where ${this.left} are left`);
    }
    this.position = start + count;
    return start;
  }

  seek(position: number): void {
    if (!(position >= 0 && position <= this.bytes.length)) throw new Damage('a length points behind its end');
    this.position = position;
  }

  uint8(): number {
    return this.view.getUint8(this.take(1));
  }

  int8(): number {
    return this.view.getInt8(this.take(1));
  }

  uint16(): number {
    return this.view.getUint16(this.take(2), this.isLittleEndian);
  }

  int16(): number {
    return this.view.getInt16(this.take(2), this.isLittleEndian);
  }

  uint32(): number {
    return this.view.getUint32(this.take(4), this.isLittleEndian);
  }

  int32(): number {
    return this.view.getInt32(this.take(4), this.isLittleEndian);
  }

  /** As a number: exact up to 2^53, which positions and counts of real files never reach. */
  int64(): number {
    return Number(this.view.getBigInt64(this.take(8), this.isLittleEndian));
  }

  /** As a number: exact up to 2^53. */
  uint64(): number {
    return Number(this.view.getBigUint64(this.take(8), this.isLittleEndian));
  }

  float32(): number {
    return this.view.getFloat32(this.take(4), this.isLittleEndian);
  }

  float64(): number {
    return this.view.getFloat64(this.take(8), this.isLittleEndian);
  }

  slice(count: number): Uint8Array {
    const start = this.take(count);
    return this.bytes.subarray(start, start + count);
  }

  /** A TString: a length byte, or 255 and a four-byte length, then the characters. */
  text(): string {
    const short = this.uint8();
    return decodeText(this.slice(short === 255 ? this.uint32() : short));
  }

  /** Characters up to a zero byte. */
  terminatedText(): string {
    const end = this.bytes.indexOf(0, this.position);
    if (end < 0) throw new Damage('a name without end');
    const characters = this.slice(end - this.position);
    this.take(1);
    return decodeText(characters);
  }

  versionHeader(): VersionHeader {
    const count = this.uint32();
    if ((count & BYTE_COUNT_MASK) === 0) {
      this.position -= 4;
      return { version: this.int16(), end: undefined };
    }
    const end = this.position + (count & ~BYTE_COUNT_MASK);
    if (end > this.bytes.length || end < this.position + 2) {
      throw new Damage(`an object of ${end - this.position} bytes where ${this.left} are left`);
    }
    return { version: this.int16(), end };
  }

  /** Goes to the end of an object whose header was read; what a newer class version appended is passed over. */
  finish({ end }: VersionHeader): void {
    if (end === undefined) return;
    if (this.position > end) throw new Damage('an object is longer than its header says');
    this.position = end;
  }
}

function decodeText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
}
