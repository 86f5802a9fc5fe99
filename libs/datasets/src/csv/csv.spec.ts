import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { UserError } from '@hep/options/user-error';
import { describeWhen } from '@hep/test-support';
import { decimalFromBytes, decimalFromText, describeRow, readTable, streamTables } from '../index.ts';
import type { TableRequest } from '../index.ts';

const folder = mkdtempSync(join(tmpdir(), 'hep-csv-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(content: string | Uint8Array, name = 'data.csv'): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const threeColumns: TableRequest = { matrix: ['a', 'b'], numbers: ['c'] };
const read = (content: string | Uint8Array, request = threeColumns) => readTable([file(content)], request);

async function message(action: Promise<unknown>): Promise<string> {
  const error: unknown = await action.then(
    () => 'no error',
    (reason: unknown) => reason,
  );
  if (!(error instanceof UserError)) return String(error);
  return error.message.replaceAll(`${folder}/`, '');
}

/** Decimal text of all shapes that a CSV file may hold. */
const decimalText = fc.oneof(
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.float({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => value.toFixed(6)),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => value.toExponential(18)),
  fc
    .tuple(
      fc.constantFrom('', '-', '+'),
      fc.stringMatching(/^\d{0,25}(\.\d{0,25})?$/),
      fc.integer({ min: -30, max: 30 }),
    )
    .filter(([, digits]) => /\d/.test(digits))
    .map(([sign, digits, exponent]) => `${sign}${digits}${exponent % 3 === 0 ? '' : `e${exponent}`}`),
);

describe('numbers', () => {
  it('from bytes are what Number() gives, where the fast way is certain', () => {
    fc.assert(
      fc.property(decimalText, (text) => {
        const bytes = Buffer.from(`,${text},`);
        const exact = decimalFromBytes(bytes, 1, bytes.length - 1, false);
        const single = decimalFromBytes(bytes, 1, bytes.length - 1, true);
        if (!Number.isNaN(exact)) expect(exact).toBe(Number(text));
        if (!Number.isNaN(single)) expect(Math.fround(single)).toBe(Math.fround(Number(text)));
      }),
      { numRuns: 2000 },
    );
  });

  it('decide float32 midpoints by the last digit', () => {
    for (const text of [
      '16777217',
      '16777217.0000000000001',
      '16777216.999999999999',
      '1.00000005960464477539',
    ]) {
      const single = decimalFromBytes(Buffer.from(`${text},`), 0, text.length, true);
      const value = Number.isNaN(single) ? decimalFromText(text) : single;
      expect(Math.fround(value)).toBe(Math.fround(Number(text)));
    }
  });

  it.each(['', '.', '-', 'e5', '1e', '1.2.3', '0x10', 'inf', 'NaN', '1_000', '--1'])('refuse %j', (text) => {
    expect(decimalFromBytes(Buffer.from(`${text},`), 0, text.length, false)).toBeNaN();
    expect(decimalFromText(text)).toBeNaN();
  });

  it('of whole files are rounded like Number()', async () => {
    const rows = fc.array(fc.tuple(decimalText, decimalText, decimalText), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(rows, async (texts) => {
        fc.pre(texts.flat().every((text) => Number.isFinite(Math.fround(Number(text)))));
        const table = await read(`a,b,c\n${texts.map((row) => row.join(',')).join('\n')}\n`);
        expect([...table.matrix]).toEqual(texts.flatMap(([a, b]) => [Number(a), Number(b)].map(Math.fround)));
        expect([...table.numbers.get('c')!]).toEqual(texts.map(([, , c]) => Number(c)));
      }),
      { numRuns: 40 },
    );
  });
});

describe('readTable', () => {
  it.each([
    ['plain lines', 'a,b,c\n1,2,3\n4,5.5,-6\n'],
    ['Windows line ends', 'a,b,c\r\n1,2,3\r\n4,5.5,-6\r\n'],
    ['a missing last line end', 'a,b,c\n1,2,3\n4,5.5,-6'],
    ['a byte order mark', '\ufeffa,b,c\n1,2,3\n4,5.5,-6\n'],
    ['blank lines', '\na,b,c\n\n1,2,3\n  \n4,5.5,-6\n\n\n'],
    ['blanks around numbers', 'a, b ,c\n 1,2 , 3\n4,\t5.5,-6\n'],
    ['quotes', '"a","b","c"\n"1",2,3\n4,"5.5","-6"\n'],
    ['exponents and signs', 'a,b,c\n+1,0.2e1,300e-2\n4.,55E-1,-0.6e+01\n'],
    ['columns in another order', 'c,x,b,"y,z",a\n3,text,2,"1,2",1\n-6,,5.5,"",4\n'],
  ])('reads %s', async (_, text) => {
    const table = await read(text);
    expect([...table.matrix]).toEqual([1, 2, 4, 5.5]);
    expect([...table.numbers.get('c')!]).toEqual([3, -6]);
  });

  it('recognises a file without header and reads its first line', async () => {
    const table = await read('1,2,3\n4,5,6\n', { matrix: [2, 0], texts: [1] });
    expect([...table.matrix]).toEqual([3, 1, 6, 4]);
    expect(table.texts.get('1')).toEqual({ codes: Int32Array.of(0, 1), labels: ['2', '5'] });
  });

  it('reads gzip and folders in sorted order, with the origin of each row', async () => {
    const nested = join(folder, 'nested');
    mkdirSync(join(nested, 'skipped'), { recursive: true });
    writeFileSync(join(nested, 'b.csv'), 'a,b,c\n3,3,3\n');
    writeFileSync(join(nested, 'a.csv.gz'), gzipSync('b,a\n1,1\n2,2\n'));
    writeFileSync(join(nested, 'notes.txt'), 'not read');
    const table = await readTable([nested, file('a,b,c\n\n4,4,4\n5,5,5')], { ...threeColumns, numbers: [] });
    expect([...table.matrix]).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
    const origins = [0, 1, 2, 3, 4].map((row) => describeRow(table.origin, row).split('/').at(-1));
    expect(origins).toEqual([
      'a.csv.gz line 2',
      'a.csv.gz line 3',
      'b.csv line 2',
      'data.csv line 3',
      'data.csv line 4',
    ]);
  });

  it('leaves NaN where a later file lacks a column', async () => {
    const paths = [file('a,b,c\n1,1,7\n', '1.csv'), file('a,b,d\n2,2,8\n', '2.csv')];
    const numbers = { shape: { width: 0, matrixCheck: 'finite' as const, numbers: ['c'], texts: [] } };
    const locate = ({ names }: { names: readonly string[] }) =>
      new Map(names.includes('c') ? [[names.indexOf('c'), { kind: 'number' as const, name: 'c' }]] : []);
    for await (const table of streamTables(paths, { ...numbers, locate }, Infinity)) {
      expect([...table.numbers.get('c')!]).toEqual([7, NaN]);
    }
  });

  it('limits the rows of each file', async () => {
    const paths = [file('a,b,c\n1,1,1\n2,2,2\n3,3,x\n', '1.csv'), file('a,b,c\n4,4,4\n', '2.csv')];
    expect((await readTable(paths, { ...threeColumns, rowsPerFile: 2 })).rows).toBe(3);
  });

  it('reads files of many blocks and streams them in batches', async () => {
    const rows = 40_000;
    const lines = Array.from({ length: rows }, (_, i) => `${i},${i % 7}.25,${-i}.123456789012345678`);
    const path = file(`a,b,c\n${lines.join('\n')}\n`, 'big.csv');
    const whole = await readTable([path], threeColumns);
    expect(whole.rows).toBe(rows);
    expect(whole.matrix[2 * (rows - 1)]).toBe(rows - 1);
    expect(whole.numbers.get('c')![777]).toBe(Number('-777.123456789012345678'));
    expect(whole.origin.lines[rows - 1]).toBe(rows + 1);
    const shape = { width: 1, matrixCheck: 'finite' as const, numbers: [], texts: [] };
    const plan = { shape, locate: () => new Map([[0, { kind: 'matrix' as const, index: 0 }]]) };
    let next = 0;
    let batches = 0;
    for await (const batch of streamTables([path], plan, 10_000)) {
      for (const value of batch.matrix) expect(value === next++ || value).toBe(true);
      if (batch.rows > 0) expect(batch.origin.lines[0]).toBe(next - batch.rows + 2);
      batches++;
    }
    expect(next).toBe(rows);
    expect(batches).toBeGreaterThan(1);
  });
});

describe('bad files', () => {
  it.each<[string, string | Uint8Array, string]>([
    ['empty', '', 'data.csv: empty file, expected rows of numbers; write it anew or leave it out'],
    ['blank', '\n \n\r\n', 'data.csv: empty file, expected rows of numbers; write it anew or leave it out'],
    [
      'a header alone',
      'a,b,c\n',
      'data.csv: no rows after the header, expected rows of numbers; write it anew or leave it out',
    ],
    [
      'few columns',
      'a,b,c\n1,2,3\n1,2\n',
      'data.csv line 3: 2 columns, expected 3 as in the header; correct the line or remove it',
    ],
    [
      'many columns',
      'a,b,c\n1,2,3,4\n',
      'data.csv line 2: 4 columns, expected 3 as in the header; correct the line or remove it',
    ],
    [
      'text',
      'a,b,c\n1,x2,3\n',
      'data.csv line 2, column 2 (b): got "x2", expected a finite number; correct the line or remove it',
    ],
    [
      'nothing',
      'a,b,c\n1,,3\n',
      'data.csv line 2, column 2 (b): got nothing, expected a finite number; correct the line or remove it',
    ],
    [
      'NaN',
      'a,b,c\nnan,1,3\n',
      'data.csv line 2, column 1 (a): got "nan", expected a finite number; correct the line or remove it',
    ],
    [
      'infinity',
      'a,b,c\n1,-inf,3\n',
      'data.csv line 2, column 2 (b): got "-inf", expected a finite number; correct the line or remove it',
    ],
    [
      'float32 overflow',
      'a,b,c\n1,1e39,3\n',
      'data.csv line 2, column 2 (b): got "1e39", expected a finite number; correct the line or remove it',
    ],
    [
      'side text',
      'a,b,c\n1,1,u\n',
      'data.csv line 2, column 3 (c): got "u", expected a finite number or nothing; correct the line or remove it',
    ],
    [
      'a missing column',
      'a,b,d\n1,2,3\n',
      'data.csv: column c is missing; the header has a, b, d (3 columns)',
    ],
    ['no header', '1,2,3\n', 'data.csv: column a is missing; no header (3 columns)'],
    [
      'open quotes',
      'a,b,c\n"1,2,3\n',
      'data.csv line 2, column 1: a quote that does not end the field in its line; close it, or write two for one in a text',
    ],
    [
      'a text behind quotes',
      'a,b,c\n1,"2"3,3\n',
      'data.csv line 2, column 2: a quote that does not end the field in its line; close it, or write two for one in a text',
    ],
    [
      'NUL bytes',
      Uint8Array.of(97, 0, 98, 0, 10, 0),
      'data.csv: contains NUL bytes, expected a text file of comma-separated values',
    ],
    [
      'an endless line',
      '1'.repeat(5 * 2 ** 20),
      'data.csv: a line is longer than 4 MiB, expected rows of numbers',
    ],
  ])('%s', async (_, content, expected) => {
    expect(await message(read(content))).toBe(expected);
  });

  it('a missing file, an empty folder, no input', async () => {
    mkdirSync(join(folder, 'bare'), { recursive: true });
    expect(await message(readTable([join(folder, 'none.csv')], threeColumns))).toBe(
      'none.csv: file not found, expected a CSV file or a folder of them',
    );
    expect(await message(readTable([join(folder, 'bare')], threeColumns))).toBe(
      'bare: no .csv or .csv.gz file in this folder',
    );
    expect(await message(readTable([], threeColumns))).toBe('no input given, expected CSV files or folders');
  });

  it('a column that is wanted twice', async () => {
    expect(await message(read('a,b,c\n1,2,3\n', { matrix: ['a', 'b'], numbers: ['b'] }))).toBe(
      'data.csv: column 1 is wanted twice, expected another place for each; choose other columns',
    );
  });

  it('a packed file of blank lines alone, soon', async () => {
    const blank = gzipSync(Buffer.alloc(2 ** 26, '\n'));
    const { user } = process.cpuUsage();
    expect(await message(read(blank))).toMatch(/^data.csv: empty file/);
    expect(process.cpuUsage().user - user).toBeLessThan(10e6);
  });

  it('damaged gzip data', async () => {
    const damaged = gzipSync('a,b,c\n1,2,3\n').subarray(0, 20);
    expect(await message(read(damaged))).toBe('data.csv: damaged gzip data (unexpected end of file)');
  });

  it('never hangs or crashes on random bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async (bytes) => {
        const result = await read(bytes, { matrix: [0] }).then(
          () => null,
          (error: unknown) => error,
        );
        if (result !== null) expect(result).toBeInstanceOf(UserError);
      }),
      { numRuns: 60 },
    );
  });
});

const OPEN_FILES = '/proc/self/fd';
describeWhen(existsSync(OPEN_FILES), `this system has no ${OPEN_FILES}`, 'open files', () => {
  it('are given back when only their beginning is needed', async () => {
    const path = join(folder, 'long.csv.gz');
    writeFileSync(path, gzipSync(`a,b,c\n${'1,2,3\n'.repeat(10 ** 6)}`, { level: 0 }));
    const before = readdirSync(OPEN_FILES).length;
    for (let i = 0; i < 10; i++) {
      expect((await readTable([path], { ...threeColumns, rowsPerFile: 1 })).rows).toBe(1);
    }
    expect(readdirSync(OPEN_FILES).length).toBeLessThan(before + 5);
  });
});
