import { toyJetBatches } from '@hep/calratio-jets';
import { TABLE_FORMATS, writeColumns } from '@hep/datasets/columns';
import type { ColumnTable } from '@hep/datasets/columns';
import { command, defineOptions, option } from '@hep/options';
import { join } from 'node:path';
import { seedOption } from '@hep/training-command';
import { z } from 'zod';

/** Options of `toy`. */
export const options = defineOptions({
  rows: option({
    schema: z.int().min(1).default(20_000),
    describe: 'jets of the main sample: multijets (40 %), signal (40 %), beam background (20 %)',
    unit: 'jets',
  }),
  controlRows: option({
    schema: z.int().min(1).default(10_000),
    describe: 'jets of the control region, half simulated, half recorded',
    unit: 'jets',
  }),
  seed: seedOption('the jets; the same seed gives the same bytes'),
  output: option({ schema: z.string(), describe: 'folder for main and control', alias: 'o' }),
  format: option({ schema: z.enum(TABLE_FORMATS).default('parquet'), describe: 'form of the tables' }),
});

/** Writes synthetic training files. */
export const toyCommand = command({
  options,
  run: async ({ rows, controlRows, seed, output, format }, { out }) => {
    const samples = [
      { sample: 'main', rows },
      { sample: 'control', rows: controlRows },
    ] as const;
    for (const { sample, rows } of samples) {
      const path = join(output, `${sample}.${format}`);
      const jets = toyJetBatches({ rows, seed, sample });
      await writeColumns(path, sample === 'main' ? jets : withoutParticles(jets));
      out(`${rows} synthetic jets in ${path}`);
    }
  },
});

/** Jets of the control region as its files have them; without masses `plot` knows it as such. */
async function* withoutParticles(tables: AsyncIterable<ColumnTable>): AsyncGenerator<ColumnTable> {
  for await (const { rows, columns } of tables) {
    yield { rows, columns: new Map([...columns].filter(([name]) => !name.startsWith('llp_'))) };
  }
}
