/** One training from data to report. */
import { writeCalRatioExports } from '@hep/calratio-rnn';
import { Tagger } from '@hep/calratio-training';
import { storageError } from '@hep/files';
import type { FitResult, RunDirectory } from '@hep/training';
import { makeReport } from '../report-thread.ts';
import type { RunResults } from '../report/run-results.ts';
import type { RunData } from './data.ts';
import { trainingOf } from './network.ts';
import type { TaggerTraining } from './network.ts';
import { trainOptions } from './options.ts';
import type { TrainOptions } from './options.ts';
import { evaluateTagger } from './results.ts';
import type { TaggerScores } from './results.ts';
import { trainTagger, writeHistoryCheckpoint } from './train-tagger.ts';
import type { TrainingContext } from './train-tagger.ts';

/**
 * Trains, or goes on training, evaluates, exports and reports.
 * @param withoutAdversary results of the same training without adversary, shown beside
 * @returns null when it was interrupted
 */
export async function runTraining(
  run: RunDirectory,
  options: TrainOptions,
  context: TrainingContext,
  withoutAdversary?: RunResults,
): Promise<RunResults | null> {
  const training = trainingOf(options);
  const tagger = await Tagger.create(training.network);
  try {
    const result = await trainTagger(training, tagger, run, options, context);
    await writeHistoryCheckpoint(run, result);
    if (result.stoppedBy === 'interrupt') {
      context.output.out(
        `${run.path}: interrupted after epoch ${result.epochs}; go on with --resume ${run.path}`,
      );
      return null;
    }
    const weights = training.weightsOf(result.state);
    const { scores, predictions } = await evaluateTagger(tagger, weights, context.data, run);
    await exportTagger(training, result, run);
    const results = { ...resultsOf(run, result, options), predictions };
    await run.write('report.html', await report(run, results, context.data, withoutAdversary));
    await run.end('finished', { scores });
    tellScores(run, scores, context);
    return results;
  } finally {
    await tagger.close();
  }
}

async function exportTagger(
  { network, weightsOf }: TaggerTraining,
  { state }: FitResult,
  run: RunDirectory,
): Promise<void> {
  const folder = run.file('exports');
  try {
    await writeCalRatioExports(folder, network, weightsOf(state));
  } catch (error) {
    throw storageError(error, folder);
  }
}

function resultsOf(
  run: RunDirectory,
  { history, best, stateEpoch }: FitResult,
  options: TrainOptions,
): Omit<RunResults, 'predictions'> {
  return {
    name: run.path,
    history,
    bestEpoch: best === null || stateEpoch !== best.epoch ? null : best.epoch,
    options: trainOptions.rows(options),
  };
}

function report(
  run: RunDirectory,
  results: RunResults,
  { isSynthetic, main, control, drawn }: RunData,
  withoutAdversary?: RunResults,
): Promise<string> {
  const input = {
    run: results,
    isSynthetic,
    facts: [
      ['Seed', run.record.seed],
      ['Training jets, main', main.split.train.length],
      ['Training jets, control', control.split.train.length],
      ['Epochs', results.history.length],
    ] as const,
    ...(withoutAdversary === undefined ? {} : { withoutAdversary }),
    inputs: { main: drawn },
  };
  return makeReport({ kind: 'training', input });
}

function tellScores(
  run: RunDirectory,
  { auc, ksSum, ksTotal, ksByChance }: TaggerScores,
  { data, output: { out } }: TrainingContext,
): void {
  const label = data.isSynthetic ? ' (synthetic jets)' : '';
  const sums = Object.entries(ksSum).map(([name, sum]) => `${name} ${sum.toFixed(3)}`);
  out(
    `${run.path}: AUC ${auc.toFixed(4)}, K-S sum of data and simulation ${ksTotal.toFixed(3)} (${sums.join(', ')}; ${(3 * ksByChance).toFixed(3)} by chance alone)${label}`,
  );
  out(`${run.path}: report in ${run.file('report.html')}`);
}
