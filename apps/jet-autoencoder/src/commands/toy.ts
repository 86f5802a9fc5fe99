import { generateToyJets, writeJetsCsv } from '@hep/jet-compression';
import { command, defineOptions, option } from '@hep/options';
import { seedSchema } from '@hep/training-command';
import { z } from 'zod';

const options = defineOptions({
  output: option({
    schema: z.string().min(1).default('jets.csv'),
    describe: 'CSV file to write',
    alias: 'o',
  }),
  rows: option({ schema: z.int().min(1).default(100_000), describe: 'jets', unit: 'jets' }),
  seed: option({ schema: seedSchema.default(1), describe: 'seed of the jets' }),
});

/** Writes synthetic jets. */
export const toyCommand = command({
  name: 'toy',
  describe: 'Writes synthetic jets with m, pt [MeV], phi and eta as CSV, to try the program without data.',
  options,
  run: async ({ output, rows, seed }, { out }) => {
    await writeJetsCsv(output, generateToyJets({ rows, seed }));
    out(`${rows} synthetic jets in ${output}`);
  },
});
