import { createGenerator } from '@hep/datasets/random';
import { temporaryFolder } from '@hep/test-support';
import { drawnFromEach, drawnStretch, readShard, shuffledPieces, writeShard } from './index.ts';

const folder = await temporaryFolder();

it('runs the example of the README', async () => {
  const columns = {
    pt: { width: 1, values: Float32Array.of(1, 2, 3, 4, 5) },
    kind: { width: 1, values: Uint8Array.of(4, 4, 5, 5, 5) },
  };
  const record = await writeShard(folder, 'train-00000.columns', { rows: 5, groups: [2, 3], columns });
  const { columns: back } = await readShard(folder, record); // checked by size and CRC-32

  const [fromFirst, fromSecond] = drawnFromEach([2, 3], 4, createGenerator(1)); // 4 in all
  const rows = [
    ...drawnStretch(0, 2, fromFirst, createGenerator(1)),
    ...drawnStretch(1, 3, fromSecond, createGenerator(1)),
  ];
  const drawn = await readShard(folder, record, { columns: ['pt'], rows }); // reads nothing else
  const pieces = shuffledPieces([5, 3], 1, 2, { first: 0, end: 6 }); // what the first six rows of epoch 2 are

  expect(back).toEqual(columns);
  expect([drawn.rows, drawn.groups]).toEqual([4, [fromFirst, fromSecond]]);
  expect(pieces.reduce((sum, { first, end }) => sum + end - first, 0)).toBe(6);
});
