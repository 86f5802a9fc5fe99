import { localFiles } from '@hep/calratio-jets';
import { openColumns } from '@hep/datasets/columns';
import type { ColumnFile } from '@hep/datasets/columns';
import { atomicWrite, readyOutput } from '@hep/files';
import { command, defineOptions, option, UserError } from '@hep/options';
import { z } from 'zod';
import { namedInputs, requireDistinct } from '../named-input.ts';
import type { NamedInput } from '../named-input.ts';
import { COMMON_PLOTS } from '../plots/common-plots.ts';
import { jetFile } from '../plots/jet-file.ts';
import { plotReport } from '../plots/plot-report.ts';

const column = z.string().min(1);
const labelNames = z.record(z.string(), z.string());

/** Options of `plot`. */
export const options = defineOptions({
  inputs: option({
    schema: z.array(z.string().min(1)).default([]),
    describe: 'files of jets, path, pattern or address; name=FILE calls it so in legends',
    group: 'Data',
  }),
  inputFiles: option({
    schema: z
      .array(z.strictObject({ input_file: z.string().min(1), legend_name: z.string().min(1).optional() }))
      .default([]),
    describe: 'the same in a YAML file: input_file and, where wanted, legend_name; only without inputs',
    group: 'Data',
  }),
  cache: option({
    schema: z.string().min(1).optional(),
    describe: 'folder for copies of remote files',
    group: 'Data',
  }),
  commonPlots: option({
    schema: z
      .array(z.union([column, z.array(column).min(1)]))
      .default(COMMON_PLOTS.map((plot) => (typeof plot === 'string' ? plot : [...plot]))),
    describe:
      'columns to draw; in a YAML file a list of spellings, of which the first that a file has counts',
    group: 'Plots',
  }),
  dataLabelsMain: option({
    schema: labelNames.default({ 0: 'Multijet MC', 1: 'Signal MC', 2: 'BIB data' }),
    describe: 'names of the labels in main samples (YAML)',
    group: 'Plots',
  }),
  dataLabelsAdversary: option({
    schema: labelNames.default({ 0: 'Multijet MC', 2: 'Multijet data' }),
    describe: 'names of the labels in control regions (YAML)',
    group: 'Plots',
  }),
  plotEveryColumn: option({
    schema: z.boolean().default(false),
    describe: 'draw each column that any file has',
    group: 'Plots',
  }),
  outputReport: option({
    schema: z.string().min(1).default('reports/plots.html'),
    describe: 'self-contained report',
    alias: 'o',
    group: 'Output',
  }),
});

type Options = ReturnType<typeof options.parse>;

/** Draws what is in files of jets. */
export const plotCommand = command({
  options,
  positionals: ['inputs'],
  run: async (chosen, { out }) => {
    const inputs = await filesOf(chosen, out);
    await readyOutput(
      chosen.outputReport,
      inputs.map(({ input }) => input),
    );
    const opened: ColumnFile[] = [];
    try {
      const files = [];
      for (const { name, input } of inputs) {
        const file = await openColumns(input);
        opened.push(file);
        files.push(await jetFile(name, file));
      }
      const labels = { main: chosen.dataLabelsMain, control: chosen.dataLabelsAdversary };
      await atomicWrite(chosen.outputReport, await plotReport(files, { ...chosen, labels }));
    } finally {
      await Promise.all(opened.map((file) => file.close()));
    }
    out(`report of ${inputs.length} files in ${chosen.outputReport}`);
  },
});

/** Local files with their names; those of one pattern are numbered. */
async function filesOf({ inputs, inputFiles, cache }: Options, tell: (line: string) => void) {
  const fileName = (_: string, position: number) => `file_${position}`;
  const named =
    inputs.length > 0
      ? namedInputs(inputs, fileName)
      : inputFiles.map(({ input_file: input, legend_name: name }, position): NamedInput => ({
          name: name ?? fileName(input, position),
          input,
        }));
  if (named.length === 0) {
    throw new UserError(
      'no input given, expected files of jets on the command line or input_files in a YAML file (--config)',
    );
  }
  const files: NamedInput[] = [];
  for (const { name, input } of named) {
    const paths = await localFiles([input], { tell, ...(cache === undefined ? {} : { cache }) });
    files.push(
      ...paths.map((path, i) => ({ name: paths.length === 1 ? name : `${name} ${i + 1}`, input: path })),
    );
  }
  requireDistinct(files);
  return files;
}
