import fc from 'fast-check';
import type { Column, ColumnTable } from '../columns.ts';
import { requireFilterColumns, rowFilter } from '../columns.ts';

const table: ColumnTable = {
  rows: 4,
  columns: new Map<string, Column>([
    ['pt', { kind: 'flat', values: Float32Array.of(10, 20, 30, NaN) }],
    ['eta', { kind: 'flat', values: Float64Array.of(-2, -1, 1, 3) }],
    ['event', { kind: 'flat', values: BigUint64Array.of(2n ** 63n, 2n ** 63n + 1n, 2n ** 63n + 2n, 7n) }],
    ['sample', { kind: 'text', values: ['qcd', 'bib', 'qcd', 'sig'] }],
  ]),
};

describe('rowFilter', () => {
  it.each([
    ['pt > 15', [1, 2]],
    ['not pt > 15', [0, 3]],
    ['pt != pt', [3]],
    ['event % 2 == 1', [1, 3]],
    ['event == 9223372036854775809', [1]],
    ['event // 2 == 4611686018427387904', [0, 1]],
    ['-1 <= eta < 3', [1, 2]],
    ['abs(eta) >= 2 and pt > 0 or eta == 1', [0, 2]],
    ['(abs(eta) >= 2) & (pt > 0) | (eta == 1)', [0, 2]],
    ['abs(eta) >= 2 and (pt > 0 or eta == 1)', [0]],
    ['~(eta < 0)', [2, 3]],
    ['eta % 3 == 1', [0, 2]],
    ['eta ** 2 - 2 * -eta == 3', [2]],
    ['-eta ** 2 == -1', [1, 2]],
    ['sample == "qcd"', [0, 2]],
    ["sample not in ['qcd', 'bib']", [3]],
    ['eta in [1, 3]', [2, 3]],
    ['`pt` / 10 == 2.', [1]],
  ])('%s', (text, rows) => {
    expect([...rowFilter(text).rows(table)]).toEqual(rows);
  });

  it.each([
    ['pt >', 'expression "pt >", character 5: got the end, a number, a column or "(" is expected'],
    ['pt > 1 eta', 'character 8: got eta, an operator such as "and" or "<" is expected'],
    ['pt = 1', 'character 4: "=" has no meaning here'],
    ['__import__("os")', 'character 1: unknown function __import__, expected one of abs'],
    ['constructor(pt) > 1', 'unknown function constructor'],
    ['sqr(pt) > 1', 'unknown function sqr; did you mean sqrt?'],
    ['(pt > 1', 'got the end, ")" is expected'],
    [`${'('.repeat(500)}1`, 'nested too deep'],
    [`${'2**'.repeat(500)}1 > 0`, 'nested too deep'],
  ])('%s is told', (text, message) => {
    expect(() => rowFilter(text)).toThrow(message);
  });

  it.each([
    ['pt', 'a number or text stands where a condition is expected'],
    ['sample > 1', 'a text is compared with a number by >'],
    ['event % 0 == 1', '9223372036854775808 % 0, expected a divisor other than 0'],
  ])('%s is told when rows are chosen', (text, message) => {
    expect(() => rowFilter(text).rows(table)).toThrow(message);
  });

  it('lists unknown columns with the nearest names', () => {
    const filter = rowFilter('ptt > 1 and eta < 2 and xyzzy == 3');
    expect(filter.columns).toEqual(['ptt', 'eta', 'xyzzy']);
    expect(() => requireFilterColumns('a.pkl', filter, ['pt', 'eta'])).toThrow(
      'a.pkl: unknown column in the expression: ptt (did you mean pt?), xyzzy',
    );
  });

  it('either chooses rows or tells what is wrong, whatever the text', () => {
    const piece = fc.constantFrom(
      ...'pt eta event sample 1 2.5 0 + - * / % ** // < >= == and or not in ( ) [ ] , "x"'.split(' '),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        try {
          rowFilter(pieces.join(' ')).rows(table);
        } catch (error) {
          expect((error as Error).name).toBe('UserError');
        }
      }),
      { numRuns: 2000 },
    );
  });
});
