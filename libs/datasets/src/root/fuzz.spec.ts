import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '@hep/options/user-error';
import { describeWithFixture, fixturePath, goldenPath, temporaryFolder } from '@hep/test-support';
import type { Generator } from '../random/generator.ts';
import { createGenerator } from '../random/generator.ts';
import { openRootFile } from '../root.ts';
import { ByteCursor } from './file/byte-cursor.ts';
import { readKey } from './file/key.ts';
import { plainRows } from './testing/plain-rows.ts';

const FIRST_KEY = 100;
const MOST_SPLICED = 256;
const SLOWEST_MS = 10_000;
/** For a long run: so many times the tries, from another seed. */
const MORE_TRIES = Number(process.env['HEP_FUZZ_FACTOR'] ?? 1);
const SEED = Number(process.env['HEP_FUZZ_SEED'] ?? 7);
const folder = await temporaryFolder();

/** Rows and all values of a tree, not readable branches left out. */
async function contents(path: string, tree: string): Promise<{ rows: number; values: string }> {
  const file = await openRootFile(path, { tree });
  try {
    const names = [...file.types.keys()].filter((name) => !file.types.get(name)!.startsWith('not'));
    const { columns } = await file.read(names);
    const values = [...columns].map(([name, column]) => [name, plainRows(column).map(String)]);
    return { rows: file.rows, values: JSON.stringify(values) };
  } finally {
    await file.close();
  }
}

/** Byte ranges of baskets that are stored plain: their bytes have no checksum, so damage cannot be seen. */
function plainBaskets(bytes: Buffer): [number, number][] {
  const ranges: [number, number][] = [];
  for (let position = FIRST_KEY; position + 30 < bytes.length;) {
    const length = bytes.readInt32BE(position);
    if (length > 0) {
      const key = readKey(new ByteCursor(bytes, position));
      const isPlain = key.className === 'TBasket' && key.plainBytes === key.bytes - key.keyBytes;
      if (isPlain) ranges.push([position + key.keyBytes, position + key.bytes]);
    }
    position += Math.abs(length);
  }
  return ranges;
}

/** A damaged copy, and which of its bytes are other ones. */
interface Damaged {
  readonly bytes: Buffer;
  readonly first: number;
  readonly end: number;
  readonly what: string;
}

/** One of eight is cut, two have bytes from another place, in all others a bit is flipped. */
function damaged(sound: Buffer, random: Generator, index: number): Damaged {
  const bytes = Buffer.from(sound);
  const place = () => Math.floor(random.uniform() * bytes.length);
  const first = place();
  if (index % 8 === 0) return { bytes: bytes.subarray(0, first), first, end: bytes.length, what: 'cut' };
  if (index % 8 < 3) {
    const from = place();
    const length = Math.min(
      1 + Math.floor(random.uniform() * MOST_SPLICED),
      bytes.length - Math.max(from, first),
    );
    sound.copy(bytes, first, from, from + length);
    return { bytes, first, end: first + length, what: `bytes from ${from}` };
  }
  bytes[first] ^= 1 << Math.floor(random.uniform() * 8);
  return { bytes, first, end: first + 1, what: 'bit' };
}

/** Damages copies of a file and tells what was not the same rows and values or a UserError, or took long. */
async function damage(path: string, tree: string, tries: number): Promise<string[]> {
  const sound = await readFile(path);
  const expected = await contents(path, tree);
  const unprotected = plainBaskets(sound);
  const random = createGenerator(SEED);
  const copy = join(folder, 'damaged.root');
  const surprises: string[] = [];
  for (let i = 0; i < tries * MORE_TRIES; i++) {
    const { bytes, first, end, what } = damaged(sound, random, i);
    await writeFile(copy, bytes);
    const mayDiffer = unprotected.some(([start, stop]) => first < stop && end > start);
    const begun = performance.now();
    const found = await contents(copy, tree).catch((error: Error) => error);
    if (performance.now() - begun > SLOWEST_MS) surprises.push(`${what} at ${first}: slow`);
    if (found instanceof UserError && !found.message.includes('\n')) continue;
    const isSame = 'rows' in found && found.rows === expected.rows;
    if (isSame && what !== 'cut' && (mayDiffer || found.values === expected.values)) continue;
    surprises.push(`${what} at ${first}: ${found instanceof Error ? found.stack : 'wrong'}`);
  }
  return surprises;
}

describe('a damaged file gives the same rows or a UserError', () => {
  it(
    'when every type of branch is in it',
    async () => {
      expect(await damage(goldenPath('root', 'types.root'), 'a/b/tree', 120)).toEqual([]);
      expect(await damage(goldenPath('root', 'types.root'), 'embedded', 60)).toEqual([]);
      expect(await damage(goldenPath('root', 'objects.root'), 'tree', 120)).toEqual([]);
      expect(await damage(goldenPath('root', 'ntuple.root'), 'ntuple', 100)).toEqual([]);
      expect(await damage(goldenPath('root', 'fields.root'), 'ntuple', 150)).toEqual([]);
    },
    60_000 * MORE_TRIES,
  );
});

describeWithFixture(['calratio', 'tests_data', 'bib.root'], 'a damaged ntuple', () => {
  it(
    'gives the same rows or a UserError',
    async () => {
      expect(await damage(fixturePath('calratio', 'tests_data', 'bib.root'), 'trees_DV_', 40)).toEqual([]);
    },
    60_000 * MORE_TRIES,
  );
});
