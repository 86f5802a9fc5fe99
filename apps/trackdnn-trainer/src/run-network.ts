/** From tracks to report, in a run directory. */
import { engineVersions } from '@hep/engine';
import type { Trainer } from '@hep/engine';
import { storageError } from '@hep/files';
import type { TrainingProgram, Weights } from '@hep/nn';
import type { CliOutput } from '@hep/options';
import { constantFeatures, scoresOfTracks, writeTrackExports } from '@hep/track-dnn';
import type { TrackNetwork } from '@hep/track-dnn';
import { discrimination } from '@hep/track-samples';
import {
  consoleProgress,
  createRunDirectory,
  EarlyStopping,
  fit,
  tensorBoard,
  TrackBest,
} from '@hep/training';
import type { Callback, FitResult, InputFile, RunDirectory } from '@hep/training';
import { learningRateOf, saveConfig, startTrainer } from '@hep/training-command';
import type { WorkEnd } from '@hep/training-command';
import { AreaUnderRoc } from './area-under-roc.ts';
import { trainOptions } from './options.ts';
import type { TrainOptions } from './options.ts';
import { runReport } from './report/run-report.ts';
import { scoresOf } from './report/scores.ts';
import type { Samples } from './samples.ts';
import { TRAINING_DATASET, trackDataset } from './training-tracks.ts';
import { chosenNetwork, chosenProgram } from './training.ts';
import { VERSION } from './version.ts';

/** What a run is made of. */
export interface RunContext {
  readonly options: TrainOptions;
  readonly samples: Samples;
  readonly inputs: readonly InputFile[];
  /** The run to resume; null for a new one. */
  readonly earlier: RunDirectory | null;
  /** `trained`: without evaluation, report and exports, which a resumed run makes. */
  readonly upTo: 'trained' | 'finished';
  readonly signal: AbortSignal;
  readonly output: CliOutput;
}

/** Trains (or goes on training), evaluates and exports. */
export async function runNetwork(context: RunContext): Promise<WorkEnd> {
  const { options, samples, output } = context;
  const network = chosenNetwork(options, samples.training);
  const constant = constantFeatures(network.features, network.ranges);
  if (constant.length > 0) output.out(`never varied, read as -1: ${constant.join(', ')}`);
  const program = chosenProgram(network, options);
  const engine = await startTrainer(program, options, {
    [TRAINING_DATASET]: samples.training.dataset,
    validation: trackDataset(samples.validation, false),
  });
  const trainer = samples.training.feed(engine);
  let run: RunDirectory;
  let result: FitResult;
  try {
    run = await openRun(context);
    output.out(`${run.path}: ${trainer.description}`);
    result = await train(trainer, run, context, { network, program });
  } finally {
    await trainer.close();
  }
  const reading = samples.training.summary();
  if (reading !== null) output.out(reading);
  if (result.stoppedBy === 'interrupt') {
    output.out(`interrupted after epoch ${result.epochs}; go on with --resume ${run.path}`);
    return 'interrupted';
  }
  if (context.upTo === 'trained') return 'finished';
  await finish({ network, weights: program.step.weightsOf(result.state) }, run, result, context);
  return 'finished';
}

interface Trained {
  readonly network: TrackNetwork;
  readonly weights: Weights;
}

async function finish(
  { network, weights }: Trained,
  run: RunDirectory,
  result: FitResult,
  { options, samples, output }: RunContext,
): Promise<void> {
  try {
    await writeTrackExports(run.file('exports'), network, weights);
  } catch (error) {
    throw storageError(error, run.file('exports'));
  }
  const { test } = samples;
  const scores = await scoresOfTracks(network, weights, test);
  const judged = discrimination(test, scores);
  judged.skipped.forEach((line) => output.out(`no ROC of ${line}`));
  await run.write('report.html', runReport({ network, samples, scores, judged, result, options }));
  const areas = scoresOf(judged);
  await run.end('finished', { scores: areas });
  const label = samples.isSynthetic ? ' (synthetic tracks)' : '';
  for (const { name, network: auc, trees } of areas.iterations) {
    output.out(
      `${name}: AUC ${auc.toFixed(4)}${trees === null ? '' : `, trk_mva ${trees.toFixed(4)}`}${label}`,
    );
  }
  output.out(`results in ${run.path}, report in ${run.file('report.html')}`);
}

async function openRun({ options, inputs, earlier }: RunContext): Promise<RunDirectory> {
  const config = trainOptions.toYaml({ ...options, resume: undefined, force: false });
  if (earlier !== null) {
    await saveConfig(earlier.path, config);
    return earlier;
  }
  const versions = { 'trackdnn-trainer': VERSION, ...engineVersions };
  const { seed, force, output } = options;
  return createRunDirectory(output, { config, seed, versions, inputs }, { force });
}

interface Training {
  readonly network: TrackNetwork;
  readonly program: TrainingProgram;
}

function train(
  trainer: Trainer,
  run: RunDirectory,
  context: RunContext,
  training: Training,
): Promise<FitResult> {
  const { options, samples, signal, output } = context;
  const { out, terminal } = output;
  const { rows, isOrdered } = samples.training;
  return fit({
    trainer,
    model: { name: 'track_dnn', parameters: training.network.classifier.parameterSpecs },
    train: { name: TRAINING_DATASET, rows },
    shuffle: !isOrdered,
    validation: { name: 'validation', rows: samples.validation.rows },
    batchSize: options.batchSize,
    epochs: options.epochs,
    learningRate: learningRateOf(options, Math.ceil(rows / options.batchSize)),
    seed: options.seed,
    callbacks: callbacksOf(run, context, training),
    run,
    resume: options.resume !== undefined,
    checkpointMinutes: options.checkpointMinutes,
    signal,
    progress: consoleProgress(terminal ?? { write: (text) => out(text.trimEnd()) }),
  });
}

function callbacksOf(run: RunDirectory, { options }: RunContext, { program }: Training): Callback[] {
  const { weightsOf } = program.step;
  const { patience, restoreBest } = options;
  return [
    new AreaUnderRoc(),
    patience > 0 ? new EarlyStopping({ patience, restoreBest }) : new TrackBest('val_loss', { restoreBest }),
    ...(options.tensorboard
      ? [tensorBoard({ folder: run.file('tensorboard'), histograms: { weights: weightsOf } })]
      : []),
  ];
}
