import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { Column, ColumnTable, FlatColumn } from '../columns.ts';
import { openColumns, readPieces, TABLE_FORMATS, writeColumns } from '../columns.ts';

let folder = '';
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'columns-'))));
afterAll(() => rmSync(folder, { recursive: true }));

function flat(values: FlatColumn['values']): FlatColumn {
  return { kind: 'flat', values };
}

function numbers(column: Column | undefined): unknown[] {
  if (column?.kind !== 'flat') throw new Error('no flat column');
  return Array.from(column.values as Float64Array, (value) =>
    typeof value === 'bigint' ? value : Number(value),
  );
}

async function readAll(path: string, names?: readonly string[]): Promise<ColumnTable> {
  const file = await openColumns(path);
  try {
    return await file.read(names ?? [...file.types.keys()]);
  } finally {
    await file.close();
  }
}

const rowOf = fc.record({
  weight: fc.double(),
  time: fc.float(),
  event: fc.bigInt(0n, 2n ** 64n - 1n),
  label: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
});

describe('writeColumns', () => {
  it.each(TABLE_FORMATS)('gives the same numbers to openColumns through %s', async (format) => {
    const path = join(folder, `same.${format}`);
    await fc.assert(
      fc.asyncProperty(fc.array(rowOf, { minLength: 1, maxLength: 8 }), fc.nat(8), async (rows, cut) => {
        const tables = [rows.slice(0, cut), rows.slice(cut)].map((part) => ({
          rows: part.length,
          columns: new Map<string, Column>([
            ['weight', flat(Float64Array.from(part, ({ weight }) => weight))],
            ['time', flat(Float32Array.from(part, ({ time }) => time))],
            ['event', flat(BigUint64Array.from(part, ({ event }) => event))],
            ['label', flat(Int32Array.from(part, ({ label }) => label))],
          ]),
        }));
        await writeColumns(path, tables);
        const { columns } = await readAll(path);
        expect(numbers(columns.get('weight')).map(Number)).toEqual(rows.map(({ weight }) => weight));
        expect(numbers(columns.get('time')).map((value) => Math.fround(Number(value)))).toEqual(
          rows.map(({ time }) => time),
        );
        expect(numbers(columns.get('event')).map((value) => BigInt(value as bigint))).toEqual(
          rows.map(({ event }) => event),
        );
        expect(numbers(columns.get('label')).map(Number)).toEqual(rows.map(({ label }) => label));
      }),
      { numRuns: 100 },
    );
  });

  it('quotes texts in csv and refuses what a format cannot hold', async () => {
    const text: ColumnTable = {
      rows: 2,
      columns: new Map([['name', { kind: 'text', values: ['a, "b"', 'c'] }]]),
    };
    const path = join(folder, 'texts.csv');
    await writeColumns(path, [text]);
    expect(await readFile(path, 'utf8')).toBe('name\n"a, ""b"""\nc\n');
    expect((await readAll(path)).columns).toEqual(text.columns);
    await expect(writeColumns(join(folder, 'texts.npz'), [text])).rejects.toThrow(
      'texts.npz: column name of type text cannot be in a .npz file; write .parquet',
    );
    await expect(writeColumns(join(folder, 'a.txt'), [text])).rejects.toThrow(
      'extension "txt", expected one of .parquet, .csv, .npz',
    );
  });
});

describe('openColumns', () => {
  it('takes a csv file by its content, packed or not, and keeps every digit of its integers', async () => {
    const text = 'id,small,x,gap,far\n18446744073709551615,1,0.5,,inf\n9007199254740993,-2,2,3,-1\n';
    await writeFile(join(folder, 'plain.dat'), text);
    await writeFile(join(folder, 'packed.dat'), gzipSync(text));
    for (const name of ['plain.dat', 'packed.dat']) {
      const file = await openColumns(join(folder, name));
      expect([...file.types]).toEqual([
        ['id', 'uint64'],
        ['small', 'int32'],
        ['x', 'float64'],
        ['gap', 'float64'],
        ['far', 'float64'],
      ]);
      await file.close();
      const { columns } = await readAll(join(folder, name));
      expect(numbers(columns.get('id'))).toEqual([18446744073709551615n, 9007199254740993n]);
      expect(numbers(columns.get('gap'))).toEqual([NaN, 3]);
      expect(numbers(columns.get('far'))).toEqual([Infinity, -1]);
    }
  });

  it('reads integers that neither int64 nor uint64 holds together as real numbers', async () => {
    const path = join(folder, 'wide.csv');
    await writeFile(path, 'x\n9223372036854775808\n-5\n');
    expect(numbers((await readAll(path)).columns.get('x'))).toEqual([2 ** 63, -5]);
  });

  it('reads a csv file in stretches, forwards and back', async () => {
    const path = join(folder, 'long.csv');
    const rows = 30_000;
    await writeColumns(path, [
      { rows, columns: new Map([['n', flat(Int32Array.from({ length: rows }, (_, i) => i))]]) },
    ]);
    const file = await openColumns(path);
    const found: unknown[] = [];
    for await (const { table } of readPieces(file, ['n'])) found.push(...numbers(table.columns.get('n')));
    expect(found).toHaveLength(rows);
    expect(found.every((value, i) => value === i)).toBe(true);
    const back = await file.read(['n'], { first: 5, end: 8 });
    expect(numbers(back.columns.get('n'))).toEqual([5, 6, 7]);
    await file.close();
  });

  it.each([
    ['empty', '', 'empty: empty file, expected a table; write it anew or leave it out'],
    [
      'hdf',
      '\x89HDF\r\n\x1a\n',
      'hdf: unknown format, expected ROOT, Parquet, .npz, a pickled pandas table or csv',
    ],
    ['numbers', '1,2\n3,4\n', 'numbers: no header, expected the names of the columns in the first line'],
    ['twice', 'a,b,a\n1,2,3\n', 'twice: column "a" stands twice in the header'],
  ])('refuses a file that is %s', async (name, content, message) => {
    const path = join(folder, name);
    await writeFile(path, content, 'latin1');
    await expect(openColumns(path)).rejects.toThrow(message);
  });

  it('names the line and column of a gap among integers that need all their digits', async () => {
    const path = join(folder, 'gap.csv');
    await writeFile(path, 'id,x\n18446744073709551615,1\n,2\n');
    await expect(readAll(path)).rejects.toThrow(
      'gap.csv line 3, column id: got nothing, expected an integer as in the other rows',
    );
    await expect(readAll(path, ['idd', 'y', 'x'])).rejects.toThrow('2 columns missing of 2 present: idd, y');
  });

  it('tells a damaged npz file from an array that is no column', async () => {
    const path = join(folder, 'damaged.npz');
    await writeColumns(path, [{ rows: 3, columns: new Map([['x', flat(Float64Array.of(1, 2, 3))]]) }]);
    const whole = await readFile(path);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), async (position, byte) => {
        const bytes = Buffer.from(whole);
        bytes[position] = byte;
        await writeFile(path, bytes);
        const outcome = await readAll(path).catch((error: Error) => error);
        if (outcome instanceof Error) expect(outcome.name).toBe('UserError');
      }),
      { numRuns: 300 },
    );
  });
});
