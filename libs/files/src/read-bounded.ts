import { open, stat } from 'node:fs/promises';
import { UserError } from '@hep/options/user-error';

/**
 * Reads a whole file of at most `maxBytes`. Throws a one-line `UserError` when it is missing, a folder, unreadable
 * or larger, before any of it is read.
 */
export async function readBounded(path: string, maxBytes: number): Promise<Uint8Array> {
  const refuse = (error: NodeJS.ErrnoException): never => {
    throw new UserError(
      `${path}: cannot be opened (${error.code === 'ENOENT' ? 'no such file' : error.message}); check the path`,
    );
  };
  // Opening a pipe would wait for its writer, so the kind of file is looked at first.
  const { size, isRegular } = await stat(path).then(
    (status) => ({ size: status.size, isRegular: status.isFile() }),
    refuse,
  );
  if (!isRegular) throw new UserError(`${path}: not a regular file; give the path of one`);
  if (size > maxBytes) {
    throw new UserError(`${path}: ${size} bytes, more than the ${maxBytes} allowed for this kind of file`);
  }
  const file = await open(path, 'r').catch(refuse);
  try {
    return await readExactly(file, size);
  } finally {
    await file.close();
  }
}

/** The file may grow or shrink while it is read; never more than `size` bytes are taken. */
async function readExactly(file: Awaited<ReturnType<typeof open>>, size: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  let filled = 0;
  while (filled < size) {
    const { bytesRead } = await file.read(bytes, filled, size - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}
