import { join } from 'node:path';
import { createGenerator } from '@hep/datasets';
import { writeColumns } from '@hep/datasets/columns';
import { hltJet, inverse, jetTable, variableSets } from '@hep/jet-compression';
import type { Jets } from '@hep/jet-compression';
import { temporaryFolder } from '@hep/test-support';
import { runWell } from './testing/command-line.ts';

const folder = await temporaryFolder();
const data = join(folder, 'hlt.parquet');

/** Jets whose normalised variables follow three numbers and noise, within the cuts. */
function jetsOfManyVariables(rows: number): Jets {
  const generator = createGenerator(4);
  const hidden = Array.from({ length: rows }, () => [0, 1, 2].map(() => generator.normal()));
  const columns = hltJet.map((transform, i): [string, Float64Array] => [
    transform.name,
    Float64Array.from(hidden, (numbers) =>
      inverse(transform, 0.25 + 0.08 * numbers[i % 3] + 0.02 * generator.normal()),
    ),
  ]);
  return { rows, columns: new Map(columns) };
}

beforeAll(() => writeColumns(data, [jetTable(jetsOfManyVariables(800))]));

it.each(['27d', '25d', '19d'] as const)('%s trains, compresses and restores', async (set) => {
  const path = join(folder, set);
  const network = ['--network', 'AE_bn_LeakyReLU', '--latent', '8', '--epochs', '3', '--replicas', '1'];
  const { out } = await runWell('train', '-i', data, '--variables', set, '-o', path, ...network);
  expect(out.some((line) => line.startsWith('normalised MSE'))).toBe(true);
  const packed = await runWell('encode', '-m', path, '-i', data, '-o', join(folder, `${set}.jets`));
  const errors = packed.out.filter((line) => line.includes('RMS error'));
  expect(errors.map((line) => /^ {2}(\S+):/.exec(line)![1])).toEqual(
    variableSets[set].map(({ name }) => name),
  );
  const { out: restored } = await runWell(
    ...['decode', '-m', path, '-i', join(folder, `${set}.jets`), '-o', join(folder, `${set}.csv`)],
  );
  expect(restored[0]).toMatch(/^\d+ jets in/);
});
