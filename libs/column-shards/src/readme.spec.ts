import { createGenerator } from '@hep/datasets';
import { temporaryFolder } from '@hep/test-support';
import { drawnFromEach, drawnRows, readShard, shuffledPieces, writeShard } from './index.ts';

const folder = await temporaryFolder();

it('runs the example of the README', async () => {
  const kinds = Uint8Array.of(4, 5, 4, 4, 5);
  const columns = {
    pt: { width: 1, values: Float32Array.of(1, 2, 3, 4, 5) },
    kind: { width: 1, values: kinds },
  };
  const record = await writeShard(folder, 'train-00000.columns', { rows: 5, columns });
  const { columns: back } = await readShard(folder, record); // checked by size and CRC-32

  const [fromFirst, fromSecond] = drawnFromEach([3, 1000], 100, createGenerator(1)); // 100 in all
  const rows = drawnRows(kinds, new Map([[4, 2]]), createGenerator(1)); // two rows of kind 4
  const pieces = shuffledPieces([5, 3], 1, 2, { first: 0, end: 6 }); // what the first six rows of epoch 2 are

  expect(back).toEqual(columns);
  expect(fromFirst + fromSecond).toBe(100);
  expect(rows).toHaveLength(2);
  expect(pieces.reduce((sum, { first, end }) => sum + end - first, 0)).toBe(6);
});
