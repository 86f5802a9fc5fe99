import { emdPairs, emdPairModes, nearPairs } from './pairs.ts';
import type { PairList } from './pairs.ts';

const rowsOf = ({ first, second }: PairList) => new Set([...first, ...second]);
const listed = ({ first, second }: PairList) => [...first].map((row, pair) => [row, second[pair]]);
const inOrder = { split: 'first', seed: 1 } as const;

it('makes all ordered pairs of the first 60 % and of the rest', () => {
  const { train, validation } = emdPairs({ mode: 'pair', modules: 5, ...inOrder });
  expect(listed(train)).toEqual([0, 1, 2].flatMap((a) => [0, 1, 2].map((b) => [a, b])));
  expect(listed(validation)).toEqual([3, 4].flatMap((a) => [3, 4].map((b) => [a, b])));
  const study = emdPairs({ mode: 'pair', modules: 1000, ...inOrder });
  expect([study.train.first.length, study.validation.first.length]).toEqual([360_000, 160_000]);
});

it('pairs each module with its own decoded pattern, for 70 % of them in training', () => {
  const { train, validation } = emdPairs({ mode: 'ae', modules: 4, ...inOrder });
  expect(listed(train)).toEqual([
    [0, 4],
    [1, 5],
  ]);
  expect(listed(validation)).toEqual([
    [2, 6],
    [3, 7],
  ]);
});

it('joins both kinds', () => {
  const { train } = emdPairs({ mode: 'app', modules: 4, ...inOrder });
  expect(listed(train)).toEqual([
    [0, 4],
    [1, 5],
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ]);
});

it('keeps threshold pairs within a hundred modules, and of those what is near', () => {
  const { train } = emdPairs({ mode: 'threshold', modules: 300, ...inOrder });
  expect(train.first.length).toBe(2 * 100 ** 2 + 10 ** 2);
  expect(listed(train).every(([a, b]) => Math.floor(a / 100) === Math.floor(b / 100))).toBe(true);
  const distances = Float32Array.of(0, 0.5, 4, 3.9);
  const pairs = { first: Int32Array.of(0, 1, 2, 3), second: Int32Array.of(4, 5, 6, 7), distances };
  expect(nearPairs(pairs)).toEqual({
    first: Int32Array.of(1, 3),
    second: Int32Array.of(5, 7),
    distances: Float32Array.of(0.5, 3.9),
  });
});

it.each(emdPairModes)('%s: the seed decides, and no module is on both sides', (mode) => {
  const drawn = (seed: number) => emdPairs({ mode, modules: 20, split: 'shuffled', seed });
  const { train, validation } = drawn(3);
  expect(drawn(3)).toEqual({ train, validation });
  expect(drawn(4).train).not.toEqual(train);
  const modules = (pairs: PairList) => new Set([...rowsOf(pairs)].map((row) => row % 20));
  expect([...modules(train)].filter((module) => modules(validation).has(module))).toEqual([]);
  expect(modules(train).size + modules(validation).size).toBe(20);
});
