/** One EMD network from pairs to report, in its own run directory. */
import {
  emdDataset,
  emdScore,
  emdTrainingProgram,
  estimateDistances,
  writeEmdNetwork,
} from '@hep/emd-network';
import { storageError } from '@hep/files';
import { emdNetwork } from '@hep/losses';
import { parameterCount } from '@hep/nn';
import type { TrainingProgram } from '@hep/nn';
import type { CliOutput } from '@hep/options';
import { CheckpointStore, fit, modelSignature } from '@hep/training';
import type { FitResult, RunDirectory } from '@hep/training';
import { progressOn, startTrainer, tensorBoardCallbacks } from '@hep/training-command';
import type { WorkEnd } from '@hep/training-command';
import { emdTrainOptions } from './options.ts';
import type { EmdTrainOptions } from './options.ts';
import type { EmdPairs } from './pairs.ts';
import { emdReport } from './report.ts';
import { openEmdRun } from './runs.ts';
import type { EmdRun, EmdRunScores } from './runs.ts';

/** What is common to all trainings of a command. */
export interface EmdContext {
  readonly options: EmdTrainOptions;
  readonly pairs: EmdPairs;
  readonly signal: AbortSignal;
  readonly output: CliOutput;
}

/** Trains (or goes on training), exports and scores one network. */
export async function trainEmdNetwork(run: EmdRun, context: EmdContext): Promise<WorkEnd> {
  const { options, output } = context;
  const { name, size, loss, seed } = run;
  const program = { ...emdTrainingProgram(size, loss, seed), name };
  const directory = await openEmdRun(run, options);
  const result = await train(run, program, directory, context);
  if (result.stoppedBy === 'interrupt') {
    output.out(`${name}: interrupted after epoch ${result.epochs}; go on with --resume ${options.output}`);
    return 'interrupted';
  }
  const last = program.step.weightsOf(result.state);
  const best = await bestWeights(run, program, directory, result);
  try {
    await writeEmdNetwork(directory.file('exports'), 'last', { size, weights: last });
    await writeEmdNetwork(directory.file('exports'), 'best', { size, weights: best });
  } catch (error) {
    throw storageError(error, directory.file('exports'));
  }
  const { images, validation } = context.pairs;
  const [estimated, estimatedByLast] = [
    await estimateDistances({ size, weights: best }, images, validation),
    await estimateDistances({ size, weights: last }, images, validation),
  ];
  const scores: EmdRunScores = {
    ...{ name, size, loss, repetition: run.repetition, mode: options.mode, epochs: result.epochs },
    best: emdScore(estimated, validation.distances),
    last: emdScore(estimatedByLast, validation.distances),
  };
  await directory.write('report.html', report(estimated, result, scores, context));
  await directory.end('finished', { scores });
  const { mean, std, pairs } = scores.best;
  const label = context.pairs.isSynthetic ? ' (synthetic data)' : '';
  output.out(
    `${name}: relative difference ${mean.toFixed(4)} ± ${std.toFixed(4)} over ${pairs} validation pairs${label}`,
  );
  output.out(`${name}: results in ${directory.path}, report in ${directory.file('report.html')}`);
  return 'finished';
}

async function train(
  { name, size, loss, seed, earlier }: EmdRun,
  program: TrainingProgram,
  run: RunDirectory,
  { options, pairs, signal, output }: EmdContext,
): Promise<FitResult> {
  const { images, train: training, validation } = pairs;
  const datasets = { train: emdDataset(images, training), validation: emdDataset(images, validation) };
  const trainer = await startTrainer(program, options, datasets);
  try {
    output.out(`${name}: ${loss} on ${trainer.description}`);
    return await fit({
      trainer,
      model: { name, parameters: emdNetwork(size).parameterSpecs },
      train: { name: 'train', rows: datasets.train.rows },
      validation: { name: 'validation', rows: datasets.validation.rows },
      batchSize: options.batchSize,
      epochs: options.epochs,
      learningRate: options.learningRate,
      seed,
      callbacks: tensorBoardCallbacks(options, run, program.step.weightsOf),
      run,
      resume: earlier !== null,
      checkpointMinutes: options.checkpointMinutes,
      signal,
      progress: progressOn(output),
    });
  } finally {
    await trainer.close();
  }
}

/** The weights of the epoch with the smallest validation loss. */
async function bestWeights(
  { name, size }: EmdRun,
  { step, initialState }: TrainingProgram,
  run: RunDirectory,
  { best, epochs, state }: FitResult,
) {
  if (best === null || best.epoch === epochs) return step.weightsOf(state);
  const signature = modelSignature(name, initialState, emdNetwork(size).parameterSpecs);
  const store = new CheckpointStore(run.file('checkpoints'), signature);
  return step.weightsOf((await store.load(store.pathOfEpoch(best.epoch))).state);
}

function report(
  estimated: Float32Array,
  result: FitResult,
  { name, size, loss, best, mode }: EmdRunScores,
  { options, pairs }: EmdContext,
): string {
  return emdReport({
    estimates: { name, mode, exact: pairs.validation.distances, estimated, score: best },
    isSynthetic: pairs.isSynthetic,
    facts: [
      ['Relative difference', `${best.mean.toFixed(3)} ± ${best.std.toFixed(3)}`],
      ['Training pairs', pairs.train.first.length],
      ['Validation pairs', pairs.validation.first.length],
      ['Epochs', result.epochs],
      ['Parameters', parameterCount(emdNetwork(size).parameterSpecs)],
    ],
    lossName: loss,
    history: result.history,
    bestEpoch: result.best?.epoch ?? null,
    options: emdTrainOptions.rows(options),
  });
}
