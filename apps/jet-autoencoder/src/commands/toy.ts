import { writeColumns } from '@hep/datasets/columns';
import { generateToyJets, jetTable } from '@hep/jet-compression';
import { command, defineOptions, option } from '@hep/options';
import { seedOption } from '@hep/training-command';
import { z } from 'zod';

const options = defineOptions({
  output: option({
    schema: z.string().min(1).default('jets.csv'),
    describe: 'file to write: .csv, .parquet or .npz',
    alias: 'o',
  }),
  rows: option({ schema: z.int().min(1).default(100_000), describe: 'jets', unit: 'jets' }),
  seed: seedOption('the jets; the same seed gives the same bytes'),
});

/** Writes synthetic jets. */
export const toyCommand = command({
  options,
  run: async ({ output, rows, seed }, { out }) => {
    await writeColumns(output, [jetTable(generateToyJets({ rows, seed }))]);
    out(`${rows} synthetic jets in ${output}`);
  },
});
