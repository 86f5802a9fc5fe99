import { goldenPath } from '@hep/test-support';
import { Workspace } from '../compression/workspace.ts';
import { Damage } from '../../damage.ts';
import { listKeys } from '../file/directory.ts';
import { readFileHeader } from '../file/file-header.ts';
import { RandomAccessFile } from '../file/random-access-file.ts';
import { createGenerator } from '../../random/generator.ts';
import type { Generator } from '../../random/generator.ts';
import type { BasketContent } from './basket.ts';
import { readBasket } from './basket.ts';
import type { Layout } from './branch-layout.ts';
import { decodeItems } from './decode-items.ts';
import { plainRows } from '../testing/plain-rows.ts';
import { readTree } from './open-tree.ts';

type ItemsLayout = Extract<Layout, { kind: 'items' }>;

/** For each column; a long run has a larger factor. */
const TRIES = 20 * Number(process.env['HEP_FUZZ_FACTOR'] ?? 1);
const SLOWEST_MS = 1000;

/** Plain baskets of all columns that are read value by value, past the checksums that would tell of any damage. */
async function basketsOf(path: string) {
  const file = await RandomAccessFile.open(path, true);
  const header = await readFileHeader(file);
  const [tree] = (await listKeys(file, header.directory)).filter(({ key }) => key.className === 'TTree');
  const { columns } = await readTree(file, header, tree);
  const baskets: { name: string; layout: ItemsLayout; content: BasketContent }[] = [];
  for (const [name, { branch, layout }] of columns) {
    const [place] = branch.baskets();
    if (layout.kind !== 'items' || place.embedded !== undefined) continue;
    const record = await file.read(place.position, place.bytes);
    const content = await readBasket(record, place.end - place.first, new Workspace(true));
    baskets.push({ name, layout, content });
  }
  await file.close();
  return baskets;
}

/** Flips a bit, puts in a large or small number, or copies some bytes to another place. */
function damage(data: Uint8Array, random: Generator): Uint8Array {
  const bytes = Uint8Array.from(data);
  const place = () => Math.floor(random.uniform() * bytes.length);
  const kind = Math.floor(random.uniform() * 4);
  if (kind === 0) bytes[place()] ^= 1 << Math.floor(random.uniform() * 8);
  else if (kind === 1) bytes.fill(255, place(), place());
  else if (kind === 2) bytes.fill(0, place(), place());
  else bytes.copyWithin(place(), place(), place());
  return bytes;
}

describe('damaged baskets of objects', () => {
  it('give as many rows as there are entries, or are refused, soon', async () => {
    const random = createGenerator(11);
    const surprises: string[] = [];
    let refused = 0;
    const baskets = await basketsOf(goldenPath('root', 'objects.root'));
    expect(baskets.length).toBeGreaterThan(60);
    for (const { name, layout, content } of baskets) {
      for (let i = 0; i < TRIES; i++) {
        const data = damage(content.data, random);
        const start = performance.now();
        try {
          const rows = plainRows(decodeItems({ ...content, data }, layout, 0, content.entries)).length;
          if (rows !== content.entries) surprises.push(`${name}: ${rows} rows`);
        } catch (error) {
          if (!(error instanceof Damage)) surprises.push(`${name}: ${String(error)}`);
          refused++;
        }
        if (performance.now() - start > SLOWEST_MS) surprises.push(`${name}: slow`);
      }
    }
    expect(surprises).toEqual([]);
    expect(refused).toBeGreaterThan(0);
  }, 60_000);
});
