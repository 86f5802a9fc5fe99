import { freeMemory } from './free-memory.ts';

describe('memory that is freed', () => {
  it('is gone at once, and may be freed again', () => {
    const numbers = new Float64Array(1000);
    freeMemory(numbers);
    freeMemory(numbers);
    expect([numbers.length, numbers.buffer.byteLength]).toEqual([0, 0]);
  });
});
