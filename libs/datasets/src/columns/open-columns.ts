import { open } from 'node:fs/promises';
import { UserError } from '@hep/options';
import type { ColumnFile } from './column.ts';

/** Settings of formats that hold more than one table. */
export interface OpenSettings {
  /** Name of the tree in a ROOT file. */
  readonly tree?: string;
}

interface Format {
  readonly name: string;
  readonly isAt: (start: Buffer) => boolean;
  readonly open: (path: string, settings: OpenSettings) => Promise<ColumnFile>;
}

const PICKLE_PROTOCOL = 0x80;

/** Formats by their first bytes; each reader is loaded when a file of it is opened. */
const FORMATS: readonly Format[] = [
  {
    name: 'a pickled pandas table',
    isAt: (start) => start[0] === PICKLE_PROTOCOL && start[1] >= 2 && start[1] <= 5,
    open: async (path) => (await import('../pickle/pickle-file.ts')).openPickleFile(path),
  },
];

/**
 * Opens a file of any format that has typed columns; its first bytes tell which, not its name.
 * @throws UserError when the file cannot be read or is of no such format
 */
export async function openColumns(path: string, settings: OpenSettings = {}): Promise<ColumnFile> {
  const start = await firstBytes(path);
  if (start.length === 0)
    throw new UserError(`${path}: empty file, expected a table; write it anew or leave it out`);
  const format = FORMATS.find(({ isAt }) => isAt(start));
  if (format !== undefined) return format.open(path, settings);
  throw new UserError(`${path}: unknown format, expected ${FORMATS.map(({ name }) => name).join(', ')}`);
}

async function firstBytes(path: string): Promise<Buffer> {
  const unreadable = ({ code }: NodeJS.ErrnoException) =>
    new UserError(code === 'ENOENT' ? `${path}: file not found` : `${path}: cannot be read (${code})`);
  const handle = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(error);
  });
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(8), 0, 8, 0);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    throw unreadable(error as NodeJS.ErrnoException);
  } finally {
    await handle.close();
  }
}
