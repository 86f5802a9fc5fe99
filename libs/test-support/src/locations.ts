import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseNpy } from './npy.ts';

/** Topic, and what names a file in its folder. */
type GoldenParts = [topic: string, ...path: string[]];

const workspaceRoot = findWorkspaceRoot(dirname(fileURLToPath(import.meta.url)));

function findWorkspaceRoot(directory: string): string {
  if (existsSync(join(directory, 'nx.json'))) return directory;
  const parent = dirname(directory);
  if (parent === directory) throw new Error('workspace root (nx.json) not found');
  return findWorkspaceRoot(parent);
}

function rootedAt(variable: string, fallback: string): string {
  return resolve(workspaceRoot, process.env[variable] ?? fallback);
}

const COMMITTED = join(workspaceRoot, 'data/golden');

/**
 * Path of a golden vector; folder from `HEP_GOLDEN` (default `data/golden`). A topic (first part) that this folder lacks
 * is read from `data/golden`: some topics are made by `tools/golden` and in no other set.
 */
export function goldenPath(topic: string, ...parts: string[]): string {
  const given = join(rootedAt('HEP_GOLDEN', COMMITTED), topic);
  return join(existsSync(given) ? given : join(COMMITTED, topic), ...parts);
}

/** Path of a real file; folder from `HEP_FIXTURES` (default `../shared/fixtures`). */
export function fixturePath(...parts: string[]): string {
  return join(rootedAt('HEP_FIXTURES', '../shared/fixtures'), ...parts);
}

/** Values of a golden `.npy` file as float64 with its shape. int64 values must be exact in float64. */
export function goldenNpy(...parts: GoldenParts): { shape: number[]; values: Float64Array } {
  const array = parseNpy(readFileSync(goldenPath(...parts)));
  const values =
    array.data instanceof BigInt64Array
      ? Float64Array.from(array.data, Number)
      : Float64Array.from(array.data);
  return { shape: [...array.shape], values };
}

/** Entry `index` of the first axis of a golden `.npy` file. */
export function goldenBatch(index: number, ...parts: GoldenParts): { shape: number[]; values: Float64Array } {
  const { shape, values } = goldenNpy(...parts);
  const size = values.length / shape[0];
  return { shape: shape.slice(1), values: values.slice(index * size, (index + 1) * size) };
}

/** Parsed golden JSON file. */
export function goldenJson<T>(...parts: GoldenParts): T {
  return JSON.parse(readFileSync(goldenPath(...parts), 'utf8')) as T;
}

/** Those entries whose golden file is there; the others are named as skipped. The committed set is a part of all. */
export function presentGolden<T>(entries: readonly T[], fileOf: (entry: T) => Readonly<GoldenParts>): T[] {
  const isThere = (entry: T) => existsSync(goldenPath(...fileOf(entry)));
  const absent = entries.filter((entry) => !isThere(entry)).map((entry) => fileOf(entry).join('/'));
  if (absent.length > 0) {
    console.warn(
      `skipped golden ${absent.join(', ')}: not among the committed; set HEP_GOLDEN to the full set`,
    );
  }
  return entries.filter(isThere);
}

/**
 * `describe` when the fixture folder or file exists, otherwise a skipped `describe` with the reason printed.
 */
export function describeWithFixture(parts: readonly string[], name: string, body: () => void): void {
  const reason = `fixture ${parts.join('/')} not found; set HEP_FIXTURES to its folder`;
  describeWhen(existsSync(fixturePath(...parts)), reason, name, body);
}

/** `describe` when `isThere`, otherwise a skipped `describe` with the reason printed. */
export function describeWhen(isThere: boolean, reason: string, name: string, body: () => void): void {
  if (isThere) {
    describe(name, body);
    return;
  }
  console.warn(`skipped "${name}": ${reason}`);
  describe.skip(name, body);
}
