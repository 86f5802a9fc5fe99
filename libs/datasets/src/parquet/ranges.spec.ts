import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { openParquetFile, writeParquet } from '../parquet.ts';
import { ColumnPages } from './column-pages.ts';
import { readFooter } from './footer.ts';
import { chunkPages } from './pages.ts';
import { smallPages, smallPagesRow, valueAt } from './testing/small-pages.ts';

const ROWS = 30;
const NAMES = ['code', 'gaps', 'text', 'lists'];

let folder = '';
let path = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'parquet-ranges-'));
  path = join(folder, 'small.parquet');
  writeFileSync(path, smallPages());
});
afterAll(() => rmSync(folder, { recursive: true }));

const range = fc
  .tuple(fc.nat(ROWS), fc.nat(ROWS))
  .map(([a, b]) => ({ first: Math.min(a, b), end: Math.max(a, b) }));
const wanted = fc.tuple(fc.subarray(NAMES, { minLength: 1 }), range);

async function onFile<T>(use: (file: Awaited<ReturnType<typeof openParquetFile>>) => Promise<T>): Promise<T> {
  const file = await openParquetFile(path);
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}

describe('rows of a Parquet file', () => {
  it('are the same whatever was read before', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(wanted, { minLength: 1, maxLength: 12 }), fc.boolean(), (reads, isFreed) =>
        onFile(async (file) => {
          for (const [names, { first, end }] of reads) {
            const { columns, rows, release } = await file.read(names, { first, end });
            expect(rows).toBe(end - first);
            for (let row = first; row < end; row++) {
              const found = names.map((name) => valueAt(columns.get(name)!, row - first));
              expect(found).toEqual(names.map((name) => smallPagesRow(row)[name]));
            }
            if (isFreed) release?.();
          }
        }),
      ),
      { numRuns: 150 },
    );
  });

  it('are right in reads at the same time', async () => {
    await onFile(async (file) => {
      await file.read(NAMES, { first: 0, end: 3 });
      const reads = await Promise.all(
        [3, 4, 5].map(async (first) => (await file.read(NAMES, { first, end: 20 })).columns),
      );
      for (const [i, columns] of reads.entries()) {
        expect(NAMES.map((name) => valueAt(columns.get(name)!, 2))).toEqual(
          NAMES.map((name) => smallPagesRow(5 + i)[name]),
        );
      }
    });
  });
});

describe('pages', () => {
  it('are decoded once while reading goes forward', async () => {
    const handle = await open(path);
    const { leaves, groups } = await readFooter(handle, (await handle.stat()).size);
    for (const [column, leaf] of leaves.entries()) {
      const pages = new ColumnPages(handle, leaf, groups[0].chunks[column]);
      const seen = new Set<object>();
      const begins = new Set<number>();
      for (let row = 0; row < groups[0].rows; row++) {
        for await (const page of pages.from(row)) {
          seen.add(page);
          begins.add(page.firstRow);
          break;
        }
      }
      expect(begins.size).toBeGreaterThan(5);
      expect(seen.size).toBe(begins.size);
    }
    await handle.close();
  });

  it('of lists are written with as many values as those of numbers', async () => {
    const [rows, length] = [1000, 300];
    const offsets = Uint32Array.from({ length: rows + 1 }, (_, i) => i * length);
    const content = { kind: 'flat', values: new Float32Array(rows * length) } as const;
    const written = join(folder, 'written.parquet');
    await writeParquet(written, {
      types: new Map([['x', 'float32[]']]),
      tables: [{ rows, columns: new Map([['x', { kind: 'jagged', offsets, content }]]) }],
    });
    const handle = await open(written);
    const { groups } = await readFooter(handle, (await handle.stat()).size);
    const sizes: number[] = [];
    for await (const { values } of chunkPages(handle, groups[0].chunks[0])) sizes.push(values);
    await handle.close();
    expect(sizes).toEqual([130_800, 130_800, 38_400]);
  });
});
