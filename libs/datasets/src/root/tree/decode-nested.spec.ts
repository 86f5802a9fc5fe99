import fc from 'fast-check';
import { plainRows } from '../testing/plain-rows.ts';
import { decodeItems } from './decode-items.ts';
import { decodeNested } from './decode-nested.ts';
import type { ItemType, NumberItem } from './item-type.ts';

const types = ['int8', 'uint16', 'float32', 'float64', 'uint64'] as const;

/** An entry as ROOT writes it: byte count, version, lists, and in each its length and big-endian numbers. */
function entryBytes(lists: readonly (readonly number[])[], size: number): Buffer {
  const inner = lists.map((list) => {
    const bytes = Buffer.alloc(4 + list.length * size);
    bytes.writeUInt32BE(list.length);
    list.forEach((value, i) => (bytes[4 + i * size + size - 1] = value));
    return bytes;
  });
  const header = Buffer.alloc(10);
  header.writeUInt32BE((0x4000_0000 | (6 + inner.reduce((sum, { length }) => sum + length, 0))) >>> 0);
  header.writeUInt16BE(9, 4);
  header.writeUInt32BE(lists.length, 6);
  return Buffer.concat([header, ...inner]);
}

function basketOf(entries: readonly Buffer[]) {
  let start = 0;
  const offsets = Int32Array.from(entries, ({ length }) => (start += length) - length);
  return { entries: entries.length, data: Buffer.concat(entries), offsets };
}

const anyEntries = fc.array(fc.array(fc.array(fc.nat(100), { maxLength: 5 }), { maxLength: 4 }), {
  maxLength: 6,
});

describe('lists of lists', () => {
  it('are what the slower way, value by value, makes of them', () => {
    fc.assert(
      fc.property(anyEntries, fc.constantFrom(...types), (rows, number) => {
        const size = { int8: 1, uint16: 2, float32: 4, float64: 8, uint64: 8 }[number];
        const basket = basketOf(rows.map((row) => entryBytes(row, size)));
        const starts = Int32Array.of(...basket.offsets, basket.data.length);
        const leaf: NumberItem = { kind: 'number', number };
        // An array of one is read value by value.
        const item: ItemType = { kind: 'array', length: 1, item: leaf };
        const slow: ItemType = { kind: 'container', item: { kind: 'list', item: { kind: 'list', item } } };
        const expected = decodeItems(basket, { kind: 'items', item: slow, path: [] }, 0, rows.length);
        expect(plainRows(decodeNested(basket, number, starts, 0))).toEqual(plainRows(expected));
      }),
    );
  });

  it.each([
    ['a list that is too long', (bytes: Buffer) => bytes.writeUInt32BE(3, 10)],
    ['a list that is too short', (bytes: Buffer) => bytes.writeUInt32BE(1, 10)],
    ['more lists than there are', (bytes: Buffer) => bytes.writeUInt32BE(4_000_000_000, 6)],
    ['a length beyond any memory', (bytes: Buffer) => bytes.writeUInt32BE(4_000_000_000, 10)],
  ])('are refused with %s', (_, damage) => {
    const bytes = entryBytes([[1, 2]], 4);
    damage(bytes);
    expect(() => decodeNested(basketOf([bytes]), 'float32', Int32Array.of(0, bytes.length), 7)).toThrow(
      'the lists in entry 7 of a basket do not fill it',
    );
  });
});
