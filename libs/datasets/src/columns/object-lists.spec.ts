import { numbersOrLists, requireEqualLengths } from '../columns.ts';
import type { Column, ListColumn } from '../columns.ts';

const source = { path: 'a.root', firstRow: 10, row: 'event', objects: 'jets' };

function listsOf(...lengths: number[]): ListColumn {
  const offsets = new Uint32Array(lengths.length + 1);
  lengths.forEach((length, i) => (offsets[i + 1] = offsets[i] + length));
  return { kind: 'jagged', offsets, content: { kind: 'flat', values: new Float32Array(offsets.at(-1)!) } };
}

it('numbers and lists of numbers are taken as they are', () => {
  const flat: Column = { kind: 'flat', values: new Float32Array(2) };
  const lists = listsOf(1, 2);
  expect(numbersOrLists(source, 'pt', flat)).toBe(flat);
  expect(numbersOrLists(source, 'pt', lists)).toBe(lists);
});

it.each<[string, Column]>([
  ['texts', { kind: 'text', values: ['a'] }],
  ['arrays', { kind: 'fixed', width: 2, values: new Float32Array(2) }],
  ['arrays', { kind: 'jagged', offsets: Uint32Array.of(0, 1), content: listsOf(1) }],
])('%s are refused with the column', (kind, column) => {
  expect(() => numbersOrLists(source, 'pt', column)).toThrow(
    `a.root: column pt holds ${kind}, expected a number, or a list of numbers for each event`,
  );
});

it('the first row in which a branch has another length is told', () => {
  const pt = listsOf(2, 0, 3);
  expect(() =>
    requireEqualLengths(source, [
      ['pt', pt],
      ['eta', listsOf(2, 0, 3)],
    ]),
  ).not.toThrow();
  expect(() =>
    requireEqualLengths(source, [
      ['pt', pt],
      ['eta', listsOf(2, 0, 3)],
      ['phi', listsOf(2, 1, 2)],
    ]),
  ).toThrow('a.root: event 11: 0 jets in pt, 1 in phi; expected as many in all branches');
});
