import { Damage } from '../damage.ts';
import type { Column } from './column.ts';
import { concatenateColumns } from './concatenate.ts';

function lists(...offsets: number[]): Column {
  return { kind: 'jagged', offsets: Uint32Array.from(offsets), content: { kind: 'text', values: [] } };
}

describe('columns one behind the other', () => {
  it('shift the offsets of the later lists', () => {
    expect(concatenateColumns([lists(0, 2, 2), lists(0), lists(0, 3)])).toEqual(lists(0, 2, 2, 5));
  });

  it('hold no more elements than their offsets can count', () => {
    const most = 2 ** 32 - 1;
    expect(concatenateColumns([lists(0, most), lists(0, 0)])).toEqual(lists(0, most, most));
    expect(() => concatenateColumns([lists(0, most), lists(0, 1)])).toThrow(Damage);
  });
});
