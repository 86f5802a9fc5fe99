import { gatherRows } from './gather-rows.ts';

const ROWS = 200;

it.each([1, 2, 17, 29, 64, 100])('copies rows of %i numbers, directly and through picks', (width) => {
  const values = Float32Array.from({ length: ROWS * width }, (_, i) => i);
  const indices = Int32Array.from({ length: 150 }, (_, i) => (i * 37) % ROWS);
  const expected = (rows: Int32Array) =>
    Float32Array.from({ length: rows.length * width }, (_, i) => {
      return values[rows[Math.floor(i / width)]! * width + (i % width)]!;
    });
  const out = new Float32Array(indices.length * width);
  gatherRows({ values, rowShape: [width] }, indices, out);
  expect(out).toEqual(expected(indices));
  const picks = Int32Array.from({ length: ROWS }, (_, i) => (i * 3) % 50);
  gatherRows({ values, rowShape: [width], picks }, indices, out);
  expect(out).toEqual(expected(indices.map((index) => picks[index]!)));
});
