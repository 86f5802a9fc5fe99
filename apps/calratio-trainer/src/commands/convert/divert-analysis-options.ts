import { DATA_TYPES } from '@hep/calratio-jets';
import type { ConversionInput, ConversionSettings, DataType } from '@hep/calratio-jets';
import { TABLE_FORMATS } from '@hep/datasets/columns';
import { defineOptions, option, UserError } from '@hep/options';
import { z } from 'zod';

const mass = z.number().min(0);
const branchList = z.array(z.string()).min(1).optional();

const inputFile = z.strictObject({
  input_file: z.string(),
  data_type: z.enum(DATA_TYPES),
  output_dir: z.string().optional(),
  llp_mH: mass.optional(),
  llp_mS: mass.optional(),
  mH: mass.optional(),
  mS: mass.optional(),
});

/** Options of `convert divertanalysis`. */
export const options = defineOptions({
  files: option({
    schema: z.array(z.string()).default([]),
    describe:
      'ntuples: paths, patterns such as mc16*/*.root, file:// or https:// addresses; instead of input_files',
    group: 'Data',
  }),
  dataType: option({
    schema: z.enum(DATA_TYPES).default('sig'),
    describe: 'what the files on the command line hold: signal, multijets or beam background',
    group: 'Data',
  }),
  llpMH: option({
    flag: 'llp-mH',
    schema: mass.default(0),
    describe: 'mass of the heavy scalar in the files on the command line',
    unit: 'GeV',
    group: 'Data',
  }),
  llpMS: option({
    flag: 'llp-mS',
    schema: mass.default(0),
    describe: 'mass of the long-lived scalar in the files on the command line',
    unit: 'GeV',
    group: 'Data',
  }),
  inputFiles: option({
    schema: z.array(inputFile).default([]),
    describe:
      'files with their own settings (YAML): input_file, data_type and, where wanted, output_dir, llp_mH, llp_mS',
    group: 'Data',
  }),
  outputPath: option({
    schema: z.string().default('.'),
    describe: 'folder for the tables',
    alias: 'o',
    group: 'Data',
  }),
  format: option({
    schema: z.enum(TABLE_FORMATS).default('parquet'),
    describe: 'form of the tables',
    group: 'Data',
  }),
  minJetPt: option({
    schema: z.number().default(40),
    describe: 'least pT of a jet',
    unit: 'GeV',
    group: 'Jets',
  }),
  maxJetPt: option({
    schema: z.number().default(500),
    describe: 'pT that a jet must stay below',
    unit: 'GeV',
    group: 'Jets',
  }),
  signalBranches: option({ schema: branchList, describe: 'branches to read from signal', group: 'Branches' }),
  qcdBranches: option({ schema: branchList, describe: 'branches to read from multijets', group: 'Branches' }),
  bibBranches: option({
    schema: branchList,
    describe: 'branches to read from beam background',
    group: 'Branches',
  }),
  renameBranches: option({
    schema: z.record(z.string(), z.string()).optional(),
    describe: 'names in the table instead of the branch names (YAML)',
    group: 'Branches',
  }),
});

type Options = ReturnType<typeof options.parse>;

/**
 * Files of the command line, or those of the YAML file if it has none.
 * @throws UserError when there are neither, when a mass is given twice, or when no pT passes the cuts
 */
export function inputsOf(chosen: Options): ConversionInput[] {
  const { files, inputFiles, dataType, llpMH, llpMS } = chosen;
  if (!(chosen.minJetPt < chosen.maxJetPt)) {
    throw new UserError(
      `option --min-jet-pt: got ${chosen.minJetPt}, expected less than --max-jet-pt ${chosen.maxJetPt}`,
    );
  }
  if (files.length > 0) {
    const settings = settingsOf(chosen, dataType, { mHGeV: llpMH, mSGeV: llpMS });
    return files.map((input) => ({ input, settings }));
  }
  if (inputFiles.length === 0) {
    throw new UserError(
      'no input given, expected ntuples on the command line or input_files in a YAML file (--config)',
    );
  }
  return inputFiles.map((entry, index) => {
    const mHGeV = oneMass(index, 'mH', entry.llp_mH, entry.mH);
    const mSGeV = oneMass(index, 'mS', entry.llp_mS, entry.mS);
    return {
      input: entry.input_file,
      settings: settingsOf(chosen, entry.data_type, { mHGeV, mSGeV }),
      ...(entry.output_dir === undefined ? {} : { outputFolder: entry.output_dir }),
    };
  });
}

/** Both spellings of a mass are read; a file without one has mass 0. */
function oneMass(
  index: number,
  name: 'mH' | 'mS',
  long: number | undefined,
  short: number | undefined,
): number {
  if (long === undefined || short === undefined) return long ?? short ?? 0;
  throw new UserError(
    `key input_files: entry ${index + 1}: llp_${name} and ${name} are both given, expected one`,
  );
}

function settingsOf(
  { minJetPt, maxJetPt, signalBranches, qcdBranches, bibBranches, renameBranches }: Options,
  dataType: DataType,
  masses: Pick<ConversionSettings, 'mHGeV' | 'mSGeV'>,
): ConversionSettings {
  const branches = { sig: signalBranches, qcd: qcdBranches, bib: bibBranches }[dataType];
  return {
    dataType,
    minJetPtGeV: minJetPt,
    maxJetPtGeV: maxJetPt,
    ...masses,
    ...(branches === undefined ? {} : { branches }),
    ...(renameBranches === undefined ? {} : { renames: renameBranches }),
  };
}
