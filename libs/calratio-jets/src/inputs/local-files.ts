import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { atomicWrite, matchFiles } from '@hep/files';
import { UserError } from '@hep/options';

/** Where copies of remote files are kept unless the user chooses another folder. */
export const DEFAULT_CACHE = 'calratio_training';

/** Where copies go, and who is told of downloads. */
export interface LocalFileOptions {
  /** Folder of the copies of remote files (default {@link DEFAULT_CACHE}). */
  readonly cache?: string;
  readonly tell?: (line: string) => void;
}

/**
 * Local files of inputs in their order: paths and `file://` addresses, both with wildcards, are used where they lie;
 * `http(s)://` files are copied once into the cache, under a name that the whole address determines.
 * @throws UserError for a pattern without files, another scheme or a failed download
 */
export async function localFiles(
  inputs: readonly string[],
  options: LocalFileOptions = {},
): Promise<string[]> {
  const files: string[] = [];
  for (const input of inputs) files.push(...(await filesOf(input, options)));
  return files;
}

async function filesOf(input: string, options: LocalFileOptions): Promise<string[]> {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(input)?.[1]?.toLowerCase();
  if (scheme === 'http' || scheme === 'https') return [await cachedCopy(input, options)];
  if (scheme !== undefined && scheme !== 'file') {
    throw new UserError(
      `${input}: scheme ${scheme} is not known, expected a path, file:// or https://; copy the file first`,
    );
  }
  const files = await matchFiles(scheme === 'file' ? pathOfAddress(input) : input);
  if (files.length === 0) throw new UserError(`${input}: no such file`);
  return files;
}

function pathOfAddress(address: string): string {
  try {
    // wildcards are characters of the path here, not the query of an address
    return fileURLToPath(address.replace(/\?/g, '%3F'));
  } catch (cause) {
    throw new UserError(`${address}: not understood, expected file:///absolute/path`, { cause });
  }
}

async function cachedCopy(
  address: string,
  { cache = DEFAULT_CACHE, tell }: LocalFileOptions,
): Promise<string> {
  const key = createHash('sha256').update(address).digest('hex').slice(0, 16);
  const name = basename(parsedAddress(address).pathname).replace(/[^\w.-]/g, '_') || 'file';
  const path = join(cache, key, name);
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile()) return path;
  tell?.(`copies ${address} to ${path}`);
  await atomicWrite(path, download(address));
  return path;
}

function parsedAddress(address: string): URL {
  try {
    return new URL(address);
  } catch (cause) {
    throw new UserError(`${address}: not an address`, { cause });
  }
}

async function* download(address: string): AsyncGenerator<Uint8Array> {
  const failed = (reason: string, cause?: unknown) =>
    new UserError(`${address}: download failed (${reason}); copy the file and give its path`, { cause });
  const response = await fetch(address).catch((error: Error) => {
    throw failed(error.cause instanceof Error ? error.cause.message : error.message, error);
  });
  if (!response.ok || response.body === null) throw failed(`status ${response.status}`);
  const isEncoded = response.headers.has('content-encoding');
  const expected = isEncoded ? null : response.headers.get('content-length');
  let received = 0;
  try {
    for await (const part of response.body as AsyncIterable<Uint8Array>) {
      received += part.length;
      yield part;
    }
  } catch (error) {
    throw failed(`broke off after ${received} bytes`, error);
  }
  if (expected !== null && received !== Number(expected))
    throw failed(`${received} of ${expected} bytes came`);
}
