import { join } from 'node:path';
import { createGenerator } from '@hep/datasets';
import { writeColumns } from '@hep/datasets/columns';
import { temporaryFolder } from '@hep/test-support';
import {
  balanceIterations,
  discrimination,
  generateToyTracks,
  readTracks,
  selectTracks,
  splitTracks,
} from './index.ts';

const folder = await temporaryFolder();

it('runs the example of the README', async () => {
  const path = join(folder, 'tracks.parquet');
  await writeColumns(path, [generateToyTracks({ tracks: 20_000, seed: 1 })]);

  const { table } = await readTracks([path]);
  const { train, test } = splitTracks(table.groups, 1, { validation: 0.1, test: 0.1 });
  const balanced = selectTracks(table, balanceIterations(table, train, createGenerator(1), 'error'));
  const judged = selectTracks(table, test);
  const { results } = discrimination(judged, judged.treeScores!);

  expect(balanced.rows % 11).toBe(0);
  expect(results[0].name).toBe('all');
  expect(results[0].network.area).toBeGreaterThan(0.7);
});
