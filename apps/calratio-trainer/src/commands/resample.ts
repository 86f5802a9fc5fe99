import { localFiles, resampleJets } from '@hep/calratio-jets';
import { tableFormat, writeColumns } from '@hep/datasets/columns';
import { readyOutput, requireAbsent } from '@hep/files';
import { command, defineOptions, option, UserError } from '@hep/options';
import { z } from 'zod';
import { cacheOption } from '../table-options.ts';

/** Options of `resample`. */
export const options = defineOptions({
  input: option({
    schema: z.string(),
    describe: 'table of jets: path, file:// or https:// address',
    group: 'Data',
  }),
  output: option({ schema: z.string(), describe: 'table to write: .parquet, .csv or .npz', group: 'Data' }),
  fraction: option({
    schema: z.number().min(0).max(1),
    describe: 'share of the rows of each label that is kept',
    group: 'Data',
  }),
  seed: option({ schema: z.int().min(0).default(1), describe: 'seed of the choice', group: 'Data' }),
  force: option({ schema: z.boolean().default(false), describe: 'overwrite the output', group: 'Data' }),
  cache: cacheOption,
});

/** Makes smaller tables of jets. */
export const resampleCommand = command({
  options,
  positionals: ['input', 'output'],
  run: async ({ input, output, fraction, seed, force, cache }, { out }) => {
    tableFormat(output);
    await requireAbsent(output, force);
    const paths = await localFiles([input], { cache, tell: out });
    if (paths.length > 1) throw new UserError(`${input}: ${paths.length} files, expected one`);
    await readyOutput(output, paths);
    const { table, types } = await resampleJets({ path: paths[0], fraction, seed });
    await writeColumns(output, [table], types);
    out(`${table.rows} jets in ${output}`);
  },
});
