import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { goldenPath } from '@hep/test-support';
import fc from 'fast-check';
import type { Column, ColumnTable } from '../columns.ts';
import { openPickleFile } from '../pickle.ts';
import * as op from './testing/pickle-program.ts';

let folder = '';
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'pickle-'))));
afterAll(() => rmSync(folder, { recursive: true }));

async function readAll(path: string): Promise<ColumnTable> {
  const file = await openPickleFile(path);
  try {
    return await file.read([...file.types.keys()]);
  } finally {
    await file.close();
  }
}

async function read(bytes: Uint8Array): Promise<ColumnTable> {
  const path = join(folder, 'written.pkl');
  await writeFile(path, bytes);
  return readAll(path);
}

function values(column: Column | undefined): unknown[] {
  if (column === undefined || column.kind === 'jagged') throw new Error('no plain column');
  return Array.from(column.values as Float64Array, (value) =>
    typeof value === 'bigint' ? Number(value) : value,
  );
}

const ROW = Array.from({ length: 7 }, (_, i) => i);
const WHOLE = [
  'pandas-1.5-protocol2',
  'pandas-2.2-protocol5',
  'pandas-3.0-protocol5',
  'pandas-3.0-python-protocol5',
];
const EXPECTED: Readonly<Record<string, readonly unknown[]>> = {
  ...Object.fromEntries(['i1', 'i2', 'i4', 'i8'].map((code) => [code, ROW.map((row) => row * 11 - 30)])),
  ...Object.fromEntries(['u1', 'u2', 'u4', 'u8'].map((code) => [code, ROW.map((row) => row * 11)])),
  ...Object.fromEntries(['f2', 'f4', 'f8'].map((code) => [code, ROW.map((row) => row / 4 - 0.5)])),
  b1: ROW.map((row) => (row % 3 === 0 ? 1 : 0)),
  large: ROW.map((row) => 2 ** 63 + row),
  text: ROW.map((row) => `ä${row}`),
};
const TYPES = {
  ...{
    i1: 'int8',
    i2: 'int16',
    i4: 'int32',
    i8: 'int64',
    u1: 'uint8',
    u2: 'uint16',
    u4: 'uint32',
    u8: 'uint64',
  },
  ...{ f2: 'float32', f4: 'float32', f8: 'float64', b1: 'bool', large: 'uint64', text: 'text' },
};

describe.each(WHOLE)('a table pickled by %s', (name) => {
  const path = goldenPath('pickle', `${name}.pkl`);

  it('has every type with its values', async () => {
    const file = await openPickleFile(path);
    expect(Object.fromEntries(file.types)).toEqual(TYPES);
    await file.close();
    const { columns } = await readAll(path);
    for (const [column, expected] of Object.entries(EXPECTED))
      expect(values(columns.get(column))).toEqual(expected);
    expect((columns.get('large') as { values: BigUint64Array }).values[6]).toBe(2n ** 63n + 6n);
  });

  it('is told or read when it is damaged, but neither hangs nor crashes', async () => {
    const whole = await readFile(path);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        fc.oneof({ weight: 3, arbitrary: fc.constant(whole.length) }, fc.nat(whole.length)),
        async (changes, length) => {
          const bytes = Buffer.from(whole);
          for (const [position, byte] of changes) bytes[position] = byte;
          const outcome = await read(bytes.subarray(0, length)).catch((error: Error) => error);
          if (outcome instanceof Error) {
            if (outcome.name !== 'UserError') throw outcome;
            return;
          }
          for (const column of outcome.columns.values()) expect(values(column)).toHaveLength(outcome.rows);
        },
      ),
      { numRuns: 400 },
    );
  });
});

const special: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>> = {
  'pandas-1.5-fortran': Object.fromEntries(
    ['a', 'b', 'c', 'd'].map((name, column) => [name, ROW.map((row) => (row * 4 + column) / 8)]),
  ),
  'pandas-1.5-big-endian': { x: ROW.map((row) => row / 4), n: ROW.map((row) => row - 3) },
};

it.each(Object.keys(special))('reads %s, whole and in part', async (name) => {
  const path = goldenPath('pickle', `${name}.pkl`);
  const file = await openPickleFile(path);
  const names = Object.keys(special[name]);
  const all = await file.read(names);
  const part = await file.read([names[1]], { first: 2, end: 5 });
  await file.close();
  for (const column of names) expect(values(all.columns.get(column))).toEqual(special[name][column]);
  expect(values(part.columns.get(names[1]))).toEqual(special[name][names[1]].slice(2, 5));
});

describe('a table of pandas before 1.3', () => {
  const axes = op.list(op.index(op.array([2], ['x', 'y'])), op.range(op.integer(3)));
  const block = op.dict({
    values: op.array([2, 3], Float64Array.of(1, 2, 3, 4, 5, 6)),
    mgr_locs: op.slice(0, 2),
  });

  it.each(['_mgr', '_data'])('is read (%s)', async (key) => {
    const { columns } = await read(op.program(op.olderFrame(axes, op.list(block), key)));
    expect(values(columns.get('x'))).toEqual([1, 2, 3]);
    expect(values(columns.get('y'))).toEqual([4, 5, 6]);
  });

  it.each([
    ['blocks do not cover the columns', op.list(), 'column x has no block'],
    ['two blocks hold one column', op.list(block, block), 'column 0 of 2 in a block, out of range or twice'],
    [
      'a block has other rows',
      op.list(op.dict({ values: op.array([2, 2], new Float64Array(4)), mgr_locs: op.slice(0, 2) })),
      'a block of shape 2 x 2 in a table of 3 rows',
    ],
    [
      'a block has fewer bytes than its shape',
      op.list(op.dict({ values: op.array([2, 3], new Float64Array(5)), mgr_locs: op.slice(0, 2) })),
      '40 bytes for an array of shape 2 x 3 and type f8',
    ],
  ])('is refused when %s', async (_, blocks, message) => {
    await expect(read(op.program(op.olderFrame(axes, blocks)))).rejects.toThrow(message);
  });
});

describe('a hostile pickle', () => {
  const evil = op.call(op.global('os', 'system'), op.text('echo harm'));

  it('is refused with the name and place of the global that it wants', async () => {
    await expect(read(op.program(evil))).rejects.toThrow(
      /written.pkl byte 2: forbidden global os.system; only tables of numbers and texts are read, never code/,
    );
    const named = Buffer.concat([op.text('builtins'), op.text('eval'), op.operation(0x93)]);
    await expect(read(op.program(named))).rejects.toThrow('byte 24: forbidden global builtins.eval');
  });

  it.each([
    [
      'a method of an allowed class',
      op.global('pandas', 'read_pickle'),
      'forbidden global pandas.read_pickle',
    ],
    ['a dotted name', op.global('numpy', 'dtype.__class__'), 'forbidden global numpy.dtype.__class__'],
    ['the prototype of objects', op.global('', '__proto__'), 'forbidden global .__proto__'],
    ['a class as a function', op.call(op.global('pandas.core.frame', 'DataFrame')), 'DataFrame is called'],
    ['a function as a class', op.newObject(op.global('numpy', 'dtype')), 'an object of numpy.dtype'],
    ['persistent objects', op.operation(0x51), 'an outside object, which no table has'],
    ['extensions', Buffer.of(0x82, 1), 'operation 0x82'],
    ['more bytes than the file has', op.missingBytes(2n ** 60n), 'length 1152921504606846976 exceeds'],
    ['endless integers', Buffer.of(0x8b, 255, 255, 255, 127), 'an integer of 2147483647 bytes'],
    ['a stack that is empty', op.operation(0x30), '1 values of the stack wanted, 0 are there'],
    ['a mark that is not set', op.operation(0x74), 'no mark is set'],
    ['a memo that is not set', op.get(7), 'memo 7 was never set'],
    ['a memo out of all bounds', Buffer.of(0x4e, 0x72, 255, 255, 255, 255), 'memo index 4294967295 exceeds'],
    ['something else', op.list(), 'holds a list, expected a pandas DataFrame'],
    ['a later protocol', Buffer.of(0x80, 9), 'protocol 9, at most 5'],
    ['nothing', Buffer.of(0x2e), '1 values of the stack wanted'],
  ])('is refused for %s', async (_, part, message) => {
    await expect(read(op.program(part))).rejects.toThrow(message);
  });

  it('cannot take memory or time by holding itself or doubling itself', async () => {
    const itself = Buffer.concat([op.operation(0x5d), op.put(0), op.get(0), op.operation(0x61)]);
    await expect(read(op.program(itself))).rejects.toThrow('holds a list');
    const doubled = [op.list(), op.put(0)];
    for (let i = 1; i < 100; i++) doubled.push(op.list(op.get(i - 1), op.get(i - 1)), op.put(i));
    await expect(read(op.program(...doubled))).rejects.toThrow('holds a list');
    const axes = op.list(op.range(Buffer.of(0x8a, 7, 0, 0, 0, 0, 0, 0, 16)), op.range(op.integer(3)));
    await expect(read(op.program(op.olderFrame(axes, op.list())))).rejects.toThrow(
      '4503599627370496 columns, more than 1048576',
    );
  });

  it('is told where it ends early', async () => {
    await expect(read(Buffer.of(0x80, 2, 0x58, 10, 0, 0, 0, 65))).rejects.toThrow(
      'byte 7: the file ends after 1 of 10 bytes of a value; copy or write it anew',
    );
  });
});
