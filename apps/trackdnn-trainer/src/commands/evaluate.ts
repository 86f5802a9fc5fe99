import { tableFormat, writeColumns } from '@hep/datasets/columns';
import { renderReport } from '@hep/figures';
import { atomicWrite, readyOutput } from '@hep/files';
import { command, defineOptions, option } from '@hep/options';
import { listSampleFiles } from '@hep/track-samples';
import { describeInputs, readRunRecord } from '@hep/training';
import { z } from 'zod';
import { judgedSamples, skippedLines } from '../judged-samples.ts';
import { judgingOptions, trainedRunOptions } from '../options.ts';
import { inputsSection } from '../report/inputs-section.ts';
import { judgingSections } from '../report/judging-sections.ts';
import { areaLines, scoresOf } from '../report/scores.ts';
import { scoredFiles } from '../scored-tracks.ts';
import type { ScoredTracks } from '../scored-tracks.ts';
import { splitOptions } from '../split-options.ts';
import { trainedRun } from '../trained-run.ts';

const { tree, select, dropInvalid } = splitOptions;

const options = defineOptions({
  ...trainedRunOptions,
  input: option({
    schema: z.array(z.string()).min(1),
    describe:
      'files of tracks (ROOT, Parquet, csv, npz) or patterns; NAME=PATTERN says what sample they are of',
    alias: 'i',
    group: 'Data',
  }),
  tree,
  select,
  dropInvalid,
  part: option({
    schema: z.enum(['all', 'test']).default('all'),
    describe:
      'tracks that are judged: all, or the test part by the split of the run, of files that trained it',
    group: 'Data',
  }),
  ...judgingOptions,
  output: option({
    schema: z.string().min(1).default('evaluation.html'),
    describe: 'report',
    alias: 'o',
    group: 'Output',
  }),
  scores: option({
    schema: z.string().min(1).optional(),
    describe: 'file of the scores, a row for each track that is judged: .parquet, .csv or .npz',
    group: 'Output',
  }),
});

/** Judges a trained network on other files. */
export const evaluateCommand = command({
  options,
  positionals: ['run'],
  run: async ({ run, checkpoint, input, part, treeCut, output, ...chosen }, { out }) => {
    const files = await listSampleFiles(input);
    const paths = files.map(({ path }) => path);
    await readyOutput(output, paths);
    if (chosen.scores !== undefined) {
      tableFormat(chosen.scores);
      await readyOutput(chosen.scores, paths);
    }
    const trained = await trainedRun(run, out, checkpoint);
    if (part === 'all') await warnOfTrainingFiles(run, paths, out);
    const tracks = await scoredFiles(files, trained, { ...chosen, part });
    const { dropped, rows, scores, samples } = tracks;
    if (dropped > 0) out(`${dropped} tracks left out: values that cannot be used`);
    const judged = judgedSamples(tracks, scores, samples);
    skippedLines(judged).forEach((line) => out(line));
    const report = renderReport({
      title: 'Track classifier',
      subtitle: `${run} on ${paths.join(', ')}`,
      facts: [
        ['Tracks', rows],
        ['True', tracks.isTrue.reduce((sum, kind) => sum + kind, 0)],
        ...judged[0].judged.results
          .slice(0, 1)
          .map(({ network }) => ['AUC', network.area.toFixed(4)] as const),
      ],
      sections: [...judgingSections(judged, treeCut), inputsSection(trained.network)],
    });
    await atomicWrite(output, report);
    areaLines(scoresOf(judged)).forEach((line) => out(line));
    if (chosen.scores !== undefined) await writeScores(chosen.scores, tracks);
    out(`report in ${output}`);
  },
});

/** Tracks that trained a network tell nothing of how well it does. */
async function warnOfTrainingFiles(
  run: string,
  paths: readonly string[],
  out: (text: string) => void,
): Promise<void> {
  const known = new Set((await readRunRecord(run, 'to judge')).inputs.map(({ sha256 }) => sha256));
  for (const { path, sha256 } of await describeInputs(paths)) {
    if (known.has(sha256)) out(`${path} trained this network; --part test judges what it has not seen`);
  }
}

async function writeScores(path: string, tracks: ScoredTracks): Promise<void> {
  const flat = (values: Float32Array | Uint8Array) => ({ kind: 'flat', values }) as const;
  const columns = new Map([
    ['score', flat(tracks.scores)],
    ['trk_isTrue', flat(tracks.isTrue)],
    ['trk_originalAlgo', flat(tracks.iterations)],
    ['trk_pt', flat(tracks.pt)],
  ]);
  await writeColumns(path, [{ rows: tracks.rows, columns }]);
}
