/** Bytes of a pickle through a window of them; long values stay where they are. */
import { readSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { UserError } from '@hep/options/user-error';

const WINDOW_BYTES = 2 ** 18;
/** Names and small values are read at once, anything longer stays in the file until it is wanted. */
export const SHORT_BYTES = 2 ** 12;

/** Where the bytes of a pickle lie. Both ways of reading tell how many bytes there were. */
export interface PickleStore {
  read(target: Uint8Array, offset: number): Promise<number>;
  readSync(target: Uint8Array, offset: number): number;
}

/** Bytes of an open file. */
export function storeInFile(handle: FileHandle): PickleStore {
  return {
    read: async (target, offset) => (await handle.read(target, 0, target.length, offset)).bytesRead,
    readSync: (target, offset) => readSync(handle.fd, target, 0, target.length, offset),
  };
}

/** Bytes in memory. */
export function storeInMemory(bytes: Uint8Array): PickleStore {
  const copy = (target: Uint8Array, offset: number): number => {
    const part = bytes.subarray(offset, offset + target.length);
    target.set(part);
    return part.length;
  };
  return { read: (target, offset) => Promise.resolve(copy(target, offset)), readSync: copy };
}

/** A pickle that is read from its start to its end. */
export class PickleSource {
  /** Byte of the file that comes next. */
  position = 0;
  private window = new Uint8Array(WINDOW_BYTES);
  private view = new DataView(this.window.buffer);
  private windowStart = 0;
  private windowEnd = 0;

  constructor(
    readonly path: string,
    private readonly store: PickleStore,
    readonly size: number,
  ) {}

  /** `table.pkl byte 17: ...`; `at` is where the value begins that is wrong. */
  error(text: string, at = this.position): UserError {
    return new UserError(`${this.path} byte ${at}: ${text}`);
  }

  uint8(): number {
    return this.window[this.take(1)];
  }
  uint16(): number {
    return this.view.getUint16(this.take(2), true);
  }
  uint32(): number {
    return this.view.getUint32(this.take(4), true);
  }
  int32(): number {
    return this.view.getInt32(this.take(4), true);
  }
  /** A big-endian float64, as opcode BINFLOAT has it. */
  float64(): number {
    return this.view.getFloat64(this.take(8), false);
  }
  /** A length of 8 bytes that lies within the file. */
  length64(): number {
    const at = this.position;
    const length = this.view.getBigUint64(this.take(8), true);
    if (length > BigInt(this.size))
      throw this.error(`length ${length} exceeds the file's ${this.size} bytes`, at);
    return Number(length);
  }

  /** Copies the next bytes, at most SHORT_BYTES of them. */
  bytes(length: number): Uint8Array {
    const start = this.take(length);
    return this.window.slice(start, start + length);
  }

  text(length: number): string {
    const start = this.take(length);
    return Buffer.from(this.window.buffer, start, length).toString('utf8');
  }

  /** Text up to a line feed, which is skipped. */
  line(): string {
    const at = this.position;
    let text = '';
    for (let byte = this.uint8(); byte !== 10; byte = this.uint8()) {
      text += String.fromCharCode(byte);
      if (text.length > 256) throw this.error('a name of more than 256 bytes; the file is damaged', at);
    }
    return text;
  }

  /** Passes over bytes that stay in the file and returns where they begin. */
  skip(length: number): number {
    const start = this.position;
    if (start + length > this.size) throw this.truncated(length);
    this.position += length;
    return start;
  }

  /** Reads a stretch of the file into memory. */
  async read(offset: number, target: Uint8Array): Promise<void> {
    for (let done = 0; done < target.length;) {
      const length = Math.min(target.length - done, 2 ** 30);
      const count = await this.store.read(target.subarray(done, done + length), offset + done);
      if (count === 0) throw this.error('the file became shorter while it was read', offset + done);
      done += count;
    }
  }

  /** Reads a stretch of the file into memory at once. */
  readSync(offset: number, target: Uint8Array): void {
    for (let done = 0; done < target.length;) {
      const count = this.store.readSync(target.subarray(done), offset + done);
      if (count === 0) throw this.error('the file became shorter while it was read', offset + done);
      done += count;
    }
  }

  /** Makes the next `length` bytes (at most SHORT_BYTES) present, passes over them and returns their place in the window. */
  private take(length: number): number {
    const start = this.position;
    if (start + length > this.size) throw this.truncated(length);
    if (start < this.windowStart || start + length > this.windowEnd) this.moveWindow(start);
    this.position += length;
    return start - this.windowStart;
  }

  private moveWindow(start: number): void {
    const length = Math.min(WINDOW_BYTES, this.size - start);
    this.readSync(start, this.window.subarray(0, length));
    this.windowStart = start;
    this.windowEnd = start + length;
  }

  private truncated(length: number): UserError {
    const rest = this.size - this.position;
    return this.error(`the file ends after ${rest} of ${length} bytes of a value; copy or write it anew`);
  }
}
