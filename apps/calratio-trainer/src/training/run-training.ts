/** One training from data to results. */
import { Tagger } from '@hep/calratio-training';
import type { RunDirectory } from '@hep/training';
import type { WorkEnd } from '@hep/training-command';
import { trainingOf } from './network.ts';
import type { TrainOptions } from './options.ts';
import { evaluateTagger } from './results.ts';
import type { TaggerScores } from './results.ts';
import { trainTagger, writeHistoryCheckpoint } from './train-tagger.ts';
import type { TrainingContext } from './train-tagger.ts';

/** Trains, or goes on training, evaluates and writes what there is to tell. */
export async function runTraining(
  run: RunDirectory,
  options: TrainOptions,
  context: TrainingContext,
): Promise<WorkEnd> {
  const training = trainingOf(options);
  const tagger = await Tagger.create(training.network);
  try {
    const result = await trainTagger(training, tagger, run, options, context);
    await writeHistoryCheckpoint(run, result);
    if (result.stoppedBy === 'interrupt') {
      context.output.out(
        `${run.path}: interrupted after epoch ${result.epochs}; go on with --resume ${run.path}`,
      );
      return 'interrupted';
    }
    const weights = training.weightsOf(result.state);
    const { scores } = await evaluateTagger(tagger, weights, context.data, run);
    await run.end('finished', { scores });
    tellScores(run, scores, context);
    return 'finished';
  } finally {
    await tagger.close();
  }
}

function tellScores(
  run: RunDirectory,
  { auc, ks, ksSum }: TaggerScores,
  { data, output: { out } }: TrainingContext,
): void {
  const label = data.isSynthetic ? ' (synthetic jets)' : '';
  const sums = Object.entries(ks).map(([name, sum]) => `${name} ${sum.toFixed(3)}`);
  out(
    `${run.path}: AUC ${auc.toFixed(4)}, K-S sum of data and simulation ${ksSum.toFixed(3)} (${sums.join(', ')})${label}`,
  );
}
