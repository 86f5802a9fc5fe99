import { buildJets, localFiles, trainingTypes } from '@hep/calratio-jets';
import type { BuildInput } from '@hep/calratio-jets';
import { tableFormat, writeColumns } from '@hep/datasets/columns';
import { readyOutput, requireAbsent } from '@hep/files';
import { command, defineOptions, option, UserError } from '@hep/options';
import { z } from 'zod';
import { cacheOption } from '../table-options.ts';

const inputFile = z.strictObject({
  input_file: z.string(),
  num_events: z.int().min(0).optional(),
  event_filter: z.string().optional(),
});

/** Options of `build`. */
export const options = defineOptions({
  files: option({
    schema: z.array(z.string()).default([]),
    describe: 'tables of jets: paths, patterns, file:// or https:// addresses; instead of input_files',
    group: 'Data',
  }),
  inputFiles: option({
    schema: z.array(inputFile).default([]),
    describe: 'tables with their own settings (YAML): input_file and, where wanted, num_events, event_filter',
    group: 'Data',
  }),
  eventFilter: option({
    schema: z.string().optional(),
    describe: 'rows to take of the files on the command line, say "eventNumber % 2 == 1 and jet_pt > 60"',
    group: 'Data',
  }),
  numEvents: option({
    schema: z.int().min(0).optional(),
    describe:
      'rows to take at random, about, of each of the files or patterns on the command line (default all)',
    group: 'Data',
  }),
  outputFile: option({
    schema: z.string().default('main_training_file.parquet'),
    describe: 'training file to write: .parquet, .csv or .npz',
    alias: 'o',
    group: 'Data',
  }),
  force: option({
    schema: z.boolean().default(false),
    describe: 'overwrite the training file',
    group: 'Data',
  }),
  seed: option({ schema: z.int().min(0).default(1), describe: 'seed of the choice of rows', group: 'Data' }),
  cache: cacheOption,
  minJetPt: option({
    schema: z.number().default(0),
    describe: 'pT that becomes 0',
    unit: 'GeV',
    group: 'Jets',
  }),
  maxJetPt: option({
    schema: z.number().default(500),
    describe: 'pT that becomes 1',
    unit: 'GeV',
    group: 'Jets',
  }),
  removeBranches: option({
    schema: z.array(z.string()).default(['HLT_jet_eta', 'HLT_jet_isBIB', 'HLT_jet_phi']),
    describe: 'columns to leave out of the training file',
    group: 'Jets',
  }),
  referenceCompat: option({
    schema: z.boolean().default(false),
    describe: 'repeat two errors of the reference program where min_jet_pt is not 0',
    group: 'Jets',
  }),
});

type Options = ReturnType<typeof options.parse>;

/** Makes training files of converted jets. */
export const buildCommand = command({
  options,
  positionals: ['files'],
  run: async (chosen, { out, err }) => {
    const { outputFile, force, removeBranches: removed, seed, cache } = chosen;
    tableFormat(outputFile);
    const inputs = inputsOf(chosen);
    await requireAbsent(outputFile, force);
    const scaling = {
      minJetPtGeV: chosen.minJetPt,
      maxJetPtGeV: chosen.maxJetPt,
      referenceCompat: chosen.referenceCompat,
    };
    const tell = (line: string) => (line.startsWith('warning') ? err(line) : out(line));
    const paths = inputs.map(({ input }) => input);
    await readyOutput(outputFile, await localFiles(paths, { cache, tell }));
    let rows = 0;
    async function* counted() {
      for await (const table of buildJets({ inputs, scaling, removed, seed, cache, tell })) {
        rows += table.rows;
        yield table;
      }
    }
    await writeColumns(outputFile, counted(), trainingTypes(removed));
    out(`${rows} jets in ${outputFile}`);
  },
});

/** @throws UserError when there are no inputs or no range of pT */
function inputsOf({ files, inputFiles, eventFilter, numEvents, minJetPt, maxJetPt }: Options): BuildInput[] {
  if (!(minJetPt < maxJetPt)) {
    throw new UserError(`option --min-jet-pt: got ${minJetPt}, expected less than --max-jet-pt ${maxJetPt}`);
  }
  if (files.length > 0) return files.map((input) => ({ input, rows: numEvents, filter: eventFilter }));
  if (inputFiles.length === 0) {
    throw new UserError(
      'no input given, expected tables of jets on the command line or input_files in a YAML file (--config)',
    );
  }
  return inputFiles.map((entry) => ({
    input: entry.input_file,
    rows: entry.num_events,
    filter: entry.event_filter,
  }));
}
