import { open } from 'node:fs/promises';
import { UserError } from '@hep/options/user-error';
import type { ColumnFile } from './column.ts';

/** Settings of formats that hold more than one table. */
export interface OpenSettings {
  /** Name of the tree in a ROOT file. */
  readonly tree?: string;
  /**
   * ROOT files: read and decompress in the calling thread, record by record, instead of several at once in threads of Node's.
   * Takes less CPU time, and is for threads that share the cores already; default: in worker threads.
   */
  readonly inThisThread?: boolean;
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
    name: 'ROOT',
    isAt: (start) => start.toString('latin1', 0, 4) === 'root',
    open: async (path, settings) => (await import('../root/open-root-file.ts')).openRootFile(path, settings),
  },
  {
    name: 'Parquet',
    isAt: (start) => start.toString('latin1', 0, 4) === 'PAR1',
    open: async (path) => (await import('../parquet/parquet-file.ts')).openParquetFile(path),
  },
  {
    name: '.npz',
    isAt: (start) => start.toString('latin1', 0, 4) === 'PK\x03\x04',
    open: async (path) => (await import('../npz/npz-file.ts')).openNpzFile(path),
  },
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
  if (isText(start)) return (await import('../csv/csv-file.ts')).openCsvFile(path);
  const names = FORMATS.map(({ name }) => name).join(', ');
  throw new UserError(`${path}: unknown format, expected ${names} or csv`);
}

/** Text, or gzip, in which only csv files come. */
function isText(start: Buffer): boolean {
  return (
    (start[0] === 0x1f && start[1] === 0x8b) || start.every((byte) => byte >= 32 || (byte >= 9 && byte <= 13))
  );
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
