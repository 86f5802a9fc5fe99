import { renderReport } from '@hep/figures';
import { atomicWrite, readyOutput } from '@hep/files';
import {
  applyCuts,
  listJetFiles,
  massAbove,
  normaliseJets,
  qualityCuts,
  readJets,
  selectJets,
  splitJets,
  validRows,
} from '@hep/jet-compression';
import type { JetCodec, Jets } from '@hep/jet-compression';
import { command, defineOptions, option, UserError } from '@hep/options';
import { z } from 'zod';
import { evaluate } from '../evaluation.ts';
import { chosenCodec, modelOptions } from '../model-options.ts';
import { selectionOptions } from '../options.ts';
import { evaluationSections } from '../report.ts';
import { latentPlane } from '../report/latent-plane.ts';
import { storageTable } from '../storage-table.ts';
import { refineOption } from './encode.ts';

const options = defineOptions({
  ...modelOptions,
  input: option({ schema: z.array(z.string()).min(1), describe: 'files of jets or patterns', alias: 'i' }),
  ...selectionOptions,
  part: option({
    schema: z.enum(['test', 'all']).default('test'),
    describe: 'jets that are compared: those that train holds out, or all of the files',
    group: 'Data',
  }),
  refine: refineOption,
  output: option({
    schema: z.string().min(1).default('evaluation.html'),
    describe: 'report',
    alias: 'o',
    group: 'Output',
  }),
  anomalyScores: option({
    schema: z.string().min(1).optional(),
    describe:
      'CSV file of the normalised squared error of each compared jet, which is large for unusual ones',
    group: 'Output',
  }),
});

type EvaluateOptions = ReturnType<typeof options.parse>;

/** Compares jets before and after a trained network. */
export const evaluateCommand = command({
  options,
  run: async (chosen, { out }) => {
    const codec = await chosenCodec(chosen);
    const { jets, train, compared, rows } = await selected(chosen, codec);
    const matrix = normaliseJets(codec.normalisation, compared);
    const evaluation = await evaluate(codec, { jets: compared, matrix }, chosen.refine);
    const storage = await storageTable(codec, train, compared);
    const plane = await latentPlane(codec, evaluation.latent);
    const { errors, scores } = evaluation;
    const report = renderReport({
      title: codec.name,
      subtitle: `Jet autoencoder, ${codec.normalisation.length} variables in ${codec.layout.latent}`,
      facts: [
        ['Normalised MSE', errors.mse.toExponential(3)],
        ['Compared jets', errors.jets],
      ],
      sections: evaluationSections({ codec, evaluation, storage, plane }),
    });
    await atomicWrite(chosen.output, report);
    out(`normalised MSE ${errors.mse.toExponential(3)} on ${errors.jets} of ${jets.rows} jets`);
    for (const row of storage) out(`  ${row.bitsPerJet} bits: ${row.mse.toExponential(3)}  ${row.name}`);
    out(`report in ${chosen.output}`);
    if (chosen.anomalyScores === undefined) return;
    await atomicWrite(chosen.anomalyScores, scoreLines(rows, scores));
    out(`anomaly scores in ${chosen.anomalyScores}`);
  },
});

async function selected(chosen: EvaluateOptions, { normalisation }: JetCodec) {
  const paths = await listJetFiles(chosen.input);
  for (const output of [chosen.output, chosen.anomalyScores ?? []].flat()) await readyOutput(output, paths);
  const jets = await readJets(
    paths,
    normalisation.map(({ name }) => name),
    chosen,
  );
  const cuts = [massAbove(chosen.minimumMass), ...(chosen.qualityCuts ? qualityCuts : [])];
  const { rows } = applyCuts(jets, validRows(normalisation, jets, chosen.dropInvalid), cuts);
  if (rows.length < 2)
    throw new UserError(
      `${rows.length} of ${jets.rows} jets pass the cuts, expected at least 2; check --minimum-mass and files`,
    );
  const kept: Jets = selectJets(jets, rows);
  if (chosen.part === 'all') return { jets, train: kept, compared: kept, rows };
  const split = splitJets(rows.length, chosen.testFraction, chosen.splitSeed);
  return {
    jets,
    train: selectJets(kept, split.train),
    compared: selectJets(kept, split.test),
    rows: split.test.map((position) => rows[position]),
  };
}

/** Numbers of the jets, from 0 in the order of the files, and their scores. */
function scoreLines(rows: Int32Array, scores: Float64Array): string {
  return `jet,score\n${Array.from(rows, (row, i) => `${row},${scores[i].toPrecision(6)}\n`).join('')}`;
}
