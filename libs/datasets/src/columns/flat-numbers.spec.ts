import { flatNumbers } from '../columns.ts';
import type { ColumnTable } from '../columns.ts';

const table: ColumnTable = {
  rows: 2,
  columns: new Map([
    ['eventNumber', { kind: 'flat', values: BigUint64Array.of(5n, 2n ** 40n) }],
    ['pt', { kind: 'flat', values: Float32Array.of(1, 2) }],
    ['name', { kind: 'text', values: ['a', 'b'] }],
  ]),
};

describe('numbers of a column', () => {
  it('are those that are stored, big integers as float64', () => {
    expect(flatNumbers(table, 'pt', 'a.csv')).toBe((table.columns.get('pt') as { values: unknown }).values);
    expect(flatNumbers(table, 'eventNumber', 'a.csv')).toEqual(Float64Array.of(5, 2 ** 40));
  });

  it('must be there', () => {
    expect(() => flatNumbers(table, 'pT', 'a.csv')).toThrow('a.csv: column missing of 3 present: pT');
    expect(() => flatNumbers(table, 'name', 'a.csv')).toThrow(
      'a.csv: column name holds text values, expected a number in each row',
    );
  });
});
