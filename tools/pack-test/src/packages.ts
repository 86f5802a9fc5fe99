import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const workspaceRoot = fileURLToPath(new URL('../../../', import.meta.url));

/** What of a `package.json` matters to those who install the package. */
export interface PackageManifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Folder of one of the workspace's libraries. */
export function folderOf(name: string): string {
  return join(workspaceRoot, 'libs', name.replace('@hep/', ''));
}

export function readManifest(folder: string): PackageManifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageManifest;
}

/** A library and the libraries of the workspace that it needs at run time, itself first. */
export function withDependencies(name: string): string[] {
  const found = new Set([name]);
  for (const next of found) {
    const needed = Object.keys(readManifest(folderOf(next)).dependencies ?? {});
    needed
      .filter((dependency) => dependency.startsWith('@hep/'))
      .forEach((dependency) => found.add(dependency));
  }
  return [...found];
}
