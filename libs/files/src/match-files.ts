import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { UserError } from '@hep/options/user-error';

const WILDCARD = /[*?[]/;

/**
 * Paths that a pattern stands for, sorted: `*` and `?` within a name, `[a-z]` and `[!a-z]` for one character, `**` for
 * any number of folders. Hidden names only match a pattern that begins with a dot. A path that exists is taken as it is,
 * whatever characters it has. Folders are not matched.
 */
export async function matchFiles(pattern: string): Promise<string[]> {
  if (await isFile(pattern)) return [pattern];
  if (!WILDCARD.test(pattern)) return [];
  const parts = pattern.split(sep);
  const start = parts[0] === '' ? sep : '';
  const found = new Set<string>();
  await collect(start, parts.slice(start === '' ? 0 : 1), found);
  return [...found].sort();
}

async function collect(folder: string, parts: readonly string[], found: Set<string>): Promise<void> {
  const [part, ...rest] = parts;
  if (part === '**') {
    await collect(folder, rest.length > 0 ? rest : ['*'], found);
    for (const name of await namesIn(folder, isOwnFolder)) await collect(join(folder, name), parts, found);
  } else if (!WILDCARD.test(part)) {
    const path = part === '' ? folder : join(folder, part);
    if (rest.length > 0) await collect(path, rest, found);
    else if (await isFile(path)) found.add(path);
  } else {
    const expression = nameExpression(part);
    for (const name of await namesIn(folder, rest.length > 0 ? isFolder : isFile)) {
      if (!expression.test(name)) continue;
      if (rest.length > 0) await collect(join(folder, name), rest, found);
      else found.add(join(folder, name));
    }
  }
}

type Check = (path: string, entry: Dirent) => Promise<boolean> | boolean;

async function namesIn(folder: string, isWanted: Check): Promise<string[]> {
  const entries = await readdir(folder === '' ? '.' : folder, { withFileTypes: true }).catch(() => []);
  const checks = await Promise.all(entries.map((entry) => isWanted(join(folder, entry.name), entry)));
  return entries.filter((_, index) => checks[index]).map(({ name }) => name);
}

/** Not a link to a folder, so that `**` does not follow circles of links. */
function isOwnFolder(_path: string, entry: Dirent): boolean {
  return entry.isDirectory() && !entry.name.startsWith('.');
}

function nameExpression(part: string): RegExp {
  const text = part.replace(/\[!?[^\]]+\]|[\s\S]/g, (token) => {
    if (token === '*') return '[^/]*';
    if (token === '?') return '[^/]';
    if (token.length > 1) return token.replace(/^\[!/, '[^').replace(/\\/g, '\\\\');
    return token.replace(/[.+^${}()|[\]\\]/, '\\$&');
  });
  try {
    return new RegExp(`^${part.startsWith('.') ? '' : '(?!\\.)'}${text}$`);
  } catch (cause) {
    throw new UserError(`pattern "${part}": not understood, expected a range such as [a-z]`, { cause });
  }
}

async function isFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && found.isFile();
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && found.isDirectory();
}
