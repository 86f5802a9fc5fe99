import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Column, ColumnTable } from '../columns.ts';
import { openParquetFile, writeParquet } from '../parquet.ts';

let folder = '';
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'parquet-'))));
afterAll(() => rmSync(folder, { recursive: true }));

const NUMBERS: Readonly<Record<string, (rows: number) => Column>> = {
  float64: (rows) => flat(Float64Array.from({ length: rows }, (_, i) => (i % 7 === 3 ? NaN : i / 3))),
  float32: (rows) => flat(Float32Array.from({ length: rows }, (_, i) => -i / 3)),
  int8: (rows) => flat(Int8Array.from({ length: rows }, (_, i) => i - 100)),
  uint8: (rows) => flat(Uint8Array.from({ length: rows }, (_, i) => i)),
  int16: (rows) => flat(Int16Array.from({ length: rows }, (_, i) => -300 * i)),
  uint16: (rows) => flat(Uint16Array.from({ length: rows }, (_, i) => 65_535 - i)),
  int32: (rows) => flat(Int32Array.from({ length: rows }, (_, i) => -(2 ** 31) + i)),
  uint32: (rows) => flat(Uint32Array.from({ length: rows }, (_, i) => 2 ** 32 - 1 - i)),
  int64: (rows) => flat(BigInt64Array.from({ length: rows }, (_, i) => -(2n ** 63n) + BigInt(i))),
  uint64: (rows) => flat(BigUint64Array.from({ length: rows }, (_, i) => 2n ** 64n - 1n - BigInt(i))),
  bool: (rows) => flat(Uint8Array.from({ length: rows }, (_, i) => (i % 3 === 0 ? 1 : 0))),
  text: (rows) => ({ kind: 'text', values: Array.from({ length: rows }, (_, i) => `Ünt ${i}`) }),
};

function flat(values: Extract<Column, { kind: 'flat' }>['values']): Column {
  return { kind: 'flat', values };
}

function everyType(rows: number): { types: Map<string, string>; table: ColumnTable } {
  const columns = new Map(Object.entries(NUMBERS).map(([type, make]) => [type, make(rows)]));
  return { types: new Map(Object.keys(NUMBERS).map((type) => [type, type])), table: { rows, columns } };
}

/** Lists of lists of float64 as nested JavaScript arrays. */
function nested(column: Column, first = 0, end?: number): unknown[] {
  if (column.kind === 'text') return [...column.values].slice(first, end);
  if (column.kind !== 'jagged') return Array.from(column.values as Float64Array).slice(first, end);
  const { offsets, content } = column;
  const last = end ?? offsets.length - 1;
  return Array.from({ length: last - first }, (_, i) =>
    nested(content, offsets[first + i], offsets[first + i + 1]),
  );
}

function jagged(lists: readonly (readonly (readonly number[])[])[]): Column {
  const inner = lists.flat();
  const starts = (parts: readonly (readonly unknown[])[]) =>
    Uint32Array.from([
      0,
      ...parts.map(
        (
          (sum) =>
          ({ length }) =>
            (sum += length)
        )(0),
      ),
    ]);
  const content: Column = {
    kind: 'jagged',
    offsets: starts(inner),
    content: flat(Float64Array.from(inner.flat())),
  };
  return { kind: 'jagged', offsets: starts(lists), content };
}

describe('a Parquet file', () => {
  it('gives back every type, whole and in part, over row groups', async () => {
    const path = join(folder, 'types.parquet');
    const { types, table } = everyType(500);
    const large = { rows: 3_000_000, columns: new Map([['x', flat(new Float64Array(3_000_000).fill(1.5))]]) };
    expect(await writeParquet(path, { types, tables: [table] })).toBe(500);
    const file = await openParquetFile(path);
    expect(file.types).toEqual(types);
    expect((await file.read([...types.keys()])).columns).toEqual(table.columns);
    const part = await file.read(['text', 'int64'], { first: 100, end: 103 });
    expect(nested(part.columns.get('text')!)).toEqual(['Ünt 100', 'Ünt 101', 'Ünt 102']);
    expect(part.rows).toBe(3);
    await file.close();
    await writeParquet(path, { types: new Map([['x', 'float64']]), tables: [large, large] });
    const groups = await openParquetFile(path);
    expect(groups.stretches).toHaveLength(6);
    const across = await groups.read(['x'], { first: 2_999_998, end: 3_000_002 });
    expect(nested(across.columns.get('x')!)).toEqual([1.5, 1.5, 1.5, 1.5]);
    await groups.close();
  });

  it('gives back lists of lists', async () => {
    const path = join(folder, 'lists.parquet');
    const lists = fc.array(fc.array(fc.array(fc.double(), { maxLength: 3 }), { maxLength: 3 }), {
      maxLength: 20,
    });
    await fc.assert(
      fc.asyncProperty(lists, fc.nat(20), async (rows, cut) => {
        const types = new Map([['x', 'float64[][]']]);
        const tables = [rows.slice(0, cut), rows.slice(cut)].map((part) => ({
          rows: part.length,
          columns: new Map([['x', jagged(part)]]),
        }));
        await writeParquet(path, { types, tables });
        const file = await openParquetFile(path);
        expect(file.types).toEqual(types);
        const read = await file.read(['x'], { first: 1, end: rows.length });
        await file.close();
        expect(nested(read.columns.get('x')!)).toEqual(rows.slice(1));
      }),
      { numRuns: 60 },
    );
  });

  it('keeps what was there when the tables cannot be made', async () => {
    const path = join(folder, 'kept.parquet');
    const { types, table } = everyType(3);
    await writeParquet(path, { types, tables: [table] });
    async function* broken(): AsyncGenerator<ColumnTable> {
      yield table;
      throw new Error('lost');
    }
    await expect(writeParquet(path, { types, tables: broken() })).rejects.toThrow('lost');
    const file = await openParquetFile(path);
    expect(file.rows).toBe(3);
    await file.close();
  });
});

describe('a damaged Parquet file', () => {
  it('is told or read, but neither hangs nor crashes', async () => {
    const path = join(folder, 'whole.parquet');
    const { types, table } = everyType(50);
    const lists: ColumnTable = {
      rows: 50,
      columns: new Map([
        ...table.columns,
        ['lists', jagged(Array.from({ length: 50 }, (_, i) => [[i], [i, i]]))],
      ]),
    };
    const all = new Map([...types, ['lists', 'float64[][]']]);
    await writeParquet(path, { types: all, tables: [lists] });
    const whole = await readFile(path);
    const damaged = join(folder, 'damaged.parquet');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        fc.oneof({ weight: 3, arbitrary: fc.constant(whole.length) }, fc.nat(whole.length)),
        async (changes, length) => {
          const bytes = Buffer.from(whole);
          for (const [position, byte] of changes) bytes[position] = byte;
          await writeFile(damaged, bytes.subarray(0, length));
          const outcome = await readAll(damaged).catch((error: Error) => error);
          if (outcome instanceof Error) expect(outcome.name).toBe('UserError');
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('says where the damage is', async () => {
    const path = join(folder, 'cut.parquet');
    const { types, table } = everyType(20);
    await writeParquet(path, { types, tables: [table] });
    const bytes = await readFile(path);
    await writeFile(path, bytes.subarray(0, bytes.length - 30));
    await expect(openParquetFile(path)).rejects.toThrow(/^.*cut.parquet: does not end with PAR1/);
    bytes[60] ^= 1;
    await writeFile(path, bytes);
    await expect(readAll(path)).rejects.toThrow(
      /cut.parquet rows 0 to 19, column float64: a wrong checksum$/,
    );
  });
});

async function readAll(path: string): Promise<ColumnTable> {
  const file = await openParquetFile(path);
  try {
    return await file.read([...file.types.keys()]);
  } finally {
    await file.close();
  }
}
