import { Damage } from '../damage.ts';
import { deltaIntegers } from './delta.ts';

const HUGE_BLOCK = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]; // 2^42

describe('differences of integers', () => {
  it('take no more memory than their values, whatever the size of a block', () => {
    const block = [...HUGE_BLOCK, 1, 5]; // one part, five values
    const values = [14, 2, 0]; // the first is 7, the smallest difference 1, the others 0 bits above
    const integers = deltaIntegers(Uint8Array.from([...block, ...values]), 5, 4);
    expect([...new Int32Array(integers.buffer)]).toEqual([7, 8, 9, 10, 11]);
  });

  it('are refused in blocks without parts', () => {
    expect(() => deltaIntegers(Uint8Array.from([8, 0, 5, 14]), 5, 4)).toThrow(Damage);
  });
});
