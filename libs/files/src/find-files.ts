import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '@hep/options';

const WILDCARD = /[*?[]/;

/**
 * Files of a path, a pattern or a `file://` URI, sorted. In a pattern `*`, `?` and `[a-z]` stand for characters of one
 * name and `**` for any folders; they may be in any part. A file that has such a name itself is taken as it is.
 * @throws UserError when nothing is found, and for URIs of other places
 */
export async function findFiles(pattern: string): Promise<string[]> {
  const path = localPath(pattern);
  if (await isFile(path)) return [path];
  if (!WILDCARD.test(path)) {
    throw new UserError(`${pattern}: file not found, expected a file or a pattern such as data/*.root`);
  }
  const parts = path.split('/').filter((part, index) => part !== '' || index === 0);
  const isAbsolute = parts[0] === '';
  const found = await matches(isAbsolute ? '/' : '.', isAbsolute ? parts.slice(1) : parts);
  const files = [...new Set(found)].sort();
  if (files.length === 0) throw new UserError(`${pattern}: no file matches this pattern`);
  return files;
}

/**
 * A path on this machine: `file://` taken off.
 * @throws UserError for other kinds of URI
 */
export function localPath(uri: string): string {
  const [, scheme, rest] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(uri) ?? [];
  if (scheme === undefined) return uri;
  if (scheme.toLowerCase() !== 'file') {
    throw new UserError(`${uri}: only local files are read, copy it and give a path or a file:// URI`);
  }
  try {
    return decodeURIComponent(rest.replace(/^localhost(?=\/)/, ''));
  } catch {
    throw new UserError(`${uri}: not a valid URI, expected %XX escapes of UTF-8`);
  }
}

/** Files below `folder` that match the parts of a pattern. */
async function matches(folder: string, [part, ...rest]: readonly string[]): Promise<string[]> {
  if (part === '**') {
    const below = (await foldersIn(folder)).map((name) => matches(join(folder, name), ['**', ...rest]));
    const here = rest.length === 0 ? matches(folder, ['*']) : matches(folder, rest);
    return (await Promise.all([here, ...below])).flat();
  }
  const names = WILDCARD.test(part) ? (await namesIn(folder)).filter(matcher(part)) : [part];
  const paths = names.map((name) => join(folder, name));
  if (rest.length > 0) return (await Promise.all(paths.map((path) => matches(path, rest)))).flat();
  const areFiles = await Promise.all(paths.map(isFile));
  return paths.filter((_, index) => areFiles[index]);
}

/** Whether a name matches one part of a pattern; names that begin with a dot only if the part does. */
function matcher(part: string): (name: string) => boolean {
  const source = part.replace(
    /\[(!?)([^\]/]+)\]|[*?]|[\\^$.|+(){}[\]]/g,
    (found, not: string, set: string) => {
      if (found === '*') return '[^/]*';
      if (found === '?') return '[^/]';
      return set === undefined ? `\\${found}` : `[${not ? '^' : ''}${set.replace(/[\\^[]/g, '\\$&')}]`;
    },
  );
  const expression = regularExpression(source, part);
  return (name) => (part.startsWith('.') || !name.startsWith('.')) && expression.test(name);
}

function regularExpression(source: string, part: string): RegExp {
  try {
    return new RegExp(`^${source}$`, 's');
  } catch {
    throw new UserError(
      `pattern "${part}": not valid, expected ranges such as [0-9] with the lower end first`,
    );
  }
}

/** Names in a folder; none where there is no folder, or none that may be read. */
async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

/** Folders in a folder; links are not followed, so that a circle of them ends. */
async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name);
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
