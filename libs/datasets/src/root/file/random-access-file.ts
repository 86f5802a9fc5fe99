import { readSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { UserError } from '@hep/options/user-error';
import { Damage } from '../../damage.ts';

/** Ranges of a file of any size; only what is asked for is read. */
export class RandomAccessFile {
  private constructor(
    readonly path: string,
    readonly size: number,
    /** Whether the calling thread does all work itself. */
    readonly inThisThread: boolean,
    private readonly handle: FileHandle,
  ) {}

  /** @throws UserError when the file cannot be opened or is no regular file */
  static async open(path: string, inThisThread: boolean): Promise<RandomAccessFile> {
    const handle = await open(path).catch((error: NodeJS.ErrnoException) => {
      throw new UserError(
        error.code === 'ENOENT'
          ? `${path}: file not found, expected a ROOT file`
          : `${path}: cannot be read (${error.code})`,
      );
    });
    const stats = await handle.stat();
    if (stats.isFile()) return new RandomAccessFile(path, stats.size, inThisThread, handle);
    await handle.close();
    throw new UserError(`${path}: not a file, expected a ROOT file`);
  }

  /**
   * @param into `length` bytes to fill and return instead of new ones
   * @throws Damage when the range does not lie inside the file
   */
  async read(position: number, length: number, into?: Buffer): Promise<Buffer> {
    this.check(position, length);
    const bytes = into ?? Buffer.allocUnsafeSlow(length);
    for (let filled = 0; filled < length;) {
      const bytesRead = await this.readSome(bytes, filled, position + filled);
      if (bytesRead === 0) throw new Damage(`the file ended while it was read, at byte ${position + filled}`);
      filled += bytesRead;
    }
    return bytes;
  }

  /** To have bytes read by another thread takes longer than to read them, unless they come slowly. */
  private async readSome(bytes: Buffer, filled: number, position: number): Promise<number> {
    const length = bytes.length - filled;
    if (this.inThisThread) return readSync(this.handle.fd, bytes, filled, length, position);
    return (await this.handle.read(bytes, filled, length, position)).bytesRead;
  }

  /** @throws Damage when the range does not lie inside the file */
  check(position: number, length: number): void {
    if (position >= 0 && length >= 0 && position + length <= this.size) return;
    throw new Damage(`bytes ${position} to ${position + length} expected in a file of ${this.size} bytes`);
  }

  close(): Promise<void> {
    return this.handle.close();
  }
}
