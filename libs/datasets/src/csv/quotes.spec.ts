import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { openColumns } from '../columns.ts';
import type { FlatColumn, TextColumn } from '../columns.ts';
import { readTable } from '../index.ts';

let folder = '';
let path = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hep-quotes-'));
  path = join(folder, 'quotes.csv');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Fields of a line, one character after the other as RFC 4180 says it; the number of the wrong one otherwise. */
function slowFields(line: string): string[] | number {
  const fields = [''];
  let state: 'begin' | 'plain' | 'quoted' | 'closed' = 'begin';
  for (let i = 0; i < line.length; i++) {
    const character = line[i];
    const last = fields.length - 1;
    if (state === 'quoted') {
      if (character !== '"') fields[last] += character;
      else if (line[i + 1] === '"') fields[last] += line[++i];
      else state = 'closed';
    } else if (character === ',') {
      fields.push('');
      state = 'begin';
    } else if (state === 'closed') {
      if (!' \t\r'.includes(character)) return fields.length;
    } else if (state === 'begin' && character === '"') state = 'quoted';
    else {
      fields[last] += character;
      state = 'plain';
    }
  }
  return state === 'quoted' ? fields.length : fields.map((field) => field.trim());
}

/** Rows of a table with the header `a,b`, or how the complaint about the first bad line begins. */
function slowRows(text: string): string[][] | string {
  const rows: string[][] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const fields = slowFields(line.replace(/\r$/, ''));
    const where = `${path} line ${index + 1}`;
    if (typeof fields === 'number') return `${where}, column ${fields}: a quote`;
    if (fields.length !== 2) return `${where}: ${fields.length} columns`;
    rows.push(fields);
  }
  return rows.slice(1);
}

async function texts(): Promise<string[][]> {
  const table = await readTable([path], { texts: ['a', 'b'], header: 'present' });
  const [a, b] = ['a', 'b'].map((name) => table.texts.get(name)!);
  return Array.from(a.codes, (code, row) => [a.labels[code], b.labels[b.codes[row]]]);
}

const pieces = ['x', '1', '"', '""', ',', '","', '\n', '"\n"', '\r\n', ' ', 'é', '\u00a0', '\r'];

describe('fields in quotes', () => {
  it('are those of a slow parser, in any text, or the same line and column are refused', async () => {
    const text = fc.array(fc.constantFrom(...pieces), { maxLength: 25 }).map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(text, fc.constantFrom('', '\ufeff'), async (rest, mark) => {
        const lines = `a,"b"\nx,x\n${rest}`;
        writeFileSync(path, mark + lines);
        const expected = slowRows(lines);
        if (typeof expected === 'string') await expect(texts()).rejects.toThrow(expected);
        else expect(await texts()).toEqual(expected);
      }),
      { numRuns: 400 },
    );
  });

  it('keep types and digits of columns', async () => {
    const line = fc.record({
      a: fc.constantFrom('7', '-12', '123456789', '0.5'),
      b: fc.constantFrom('u', 'say "u"', 'u, v', ''),
      quotes: fc.tuple(fc.boolean(), fc.boolean()),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 20 }), async (lines) => {
        const inQuotes = (field: string) => `"${field.replaceAll('"', '""')}"`;
        const rows = lines.map(({ a, b, quotes }) =>
          [quotes[0] ? inQuotes(a) : a, quotes[1] || /[",]/.test(b) ? inQuotes(b) : b].join(','),
        );
        writeFileSync(path, `"a",b\r\n${rows.join('\r\n')}\r\n1,"text"`);
        const file = await openColumns(path);
        const { columns } = await file.read(['a', 'b']);
        await file.close();
        const type = lines.some(({ a }) => a === '0.5') ? 'float64' : 'int32';
        expect([...file.types.values()]).toEqual([type, 'text']);
        expect([...(columns.get('a') as FlatColumn).values]).toEqual([...lines.map(({ a }) => Number(a)), 1]);
        expect((columns.get('b') as TextColumn).values).toEqual([...lines.map(({ b }) => b), 'text']);
      }),
      { numRuns: 150 },
    );
  });

  it('that do not close are told by their line while types are found', async () => {
    writeFileSync(path, '\n\na,b\n1,2\n\n3,"4\n');
    await expect(openColumns(path)).rejects.toThrow(`${path} line 6, column 2: a quote`);
    writeFileSync(path, '\na,"b\n1,2\n');
    await expect(openColumns(path)).rejects.toThrow(`${path} line 2, column 2: a quote`);
  });

  it('of numbers are checked like others', async () => {
    writeFileSync(path, 'a,b\n"1","2"\n"-3","4.5"\n');
    const table = await readTable([path], { matrix: ['b', 'a'] });
    expect([...table.matrix]).toEqual([2, 1, 4.5, -3]);
    await expect(readTable([path], { matrix: ['b', 'a'], matrixCheck: 'non-negative' })).rejects.toThrow(
      `${path} line 3, column 1 (a): got "-3"`,
    );
  });
});
