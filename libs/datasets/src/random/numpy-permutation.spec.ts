import { numpyPermutation } from './numpy-permutation.ts';

/** Values of NumPy 1.26, `RandomState(seed).permutation(n)`. */
describe('numpyPermutation', () => {
  it('gives the order of NumPy', () => {
    expect([...numpyPermutation(10, 41)]).toEqual([5, 6, 7, 8, 1, 9, 2, 4, 3, 0]);
    const large = numpyPermutation(27785, 41);
    expect([0, 1, 2, 1000, 27784].map((i) => large[i])).toEqual([15625, 10823, 24895, 11354, 1984]);
    expect([...numpyPermutation(1000, 4294967295).slice(0, 5)]).toEqual([94, 405, 819, 632, 217]);
  });

  it('takes every number once, whatever the length', () => {
    for (const n of [0, 1, 2, 65, 700]) {
      expect([...numpyPermutation(n, 7)].sort((a, b) => a - b)).toEqual(
        Array.from({ length: n }, (_, i) => i),
      );
    }
  });
});
