/** From tracks to report, in a run directory. */
import type { Trainer } from '@hep/engine';
import { storageError } from '@hep/files';
import type { TrainingProgram, Weights } from '@hep/nn';
import {
  constantFeatures,
  INPUTS_FILE,
  scoresOfTracks,
  writeTrackExports,
  writeTrackInputs,
} from '@hep/track-dnn';
import type { TrackNetwork } from '@hep/track-dnn';
import { fit } from '@hep/training';
import type { Callback, FitResult, RunDirectory } from '@hep/training';
import {
  bestEpochCallback,
  configOf,
  fitSettings,
  openRun,
  startTrainer,
  tensorBoardCallbacks,
} from '@hep/training-command';
import type { RunContext, WorkEnd } from '@hep/training-command';
import { AreaUnderRoc } from './area-under-roc.ts';
import { MODEL_NAME } from './first-weights.ts';
import { judgedSamples, skippedLines } from './judged-samples.ts';
import { trainOptions } from './options.ts';
import type { TrainOptions } from './options.ts';
import { runReport } from './report/run-report.ts';
import { areaLines, scoresOf } from './report/scores.ts';
import type { Samples } from './samples.ts';
import { TRAINING_DATASET, trackDataset } from './training-tracks.ts';
import { chosenNetwork } from './training.ts';
import { VERSION } from './version.ts';

/** What a run is made of. */
export interface TrackContext extends RunContext<TrainOptions, Samples> {
  /** `trained`: without evaluation, report and exports, which a resumed run makes. */
  readonly upTo: 'trained' | 'finished';
}

/** Trains (or goes on training), evaluates and exports. */
export async function runNetwork(context: TrackContext): Promise<WorkEnd> {
  const { options, samples, output } = context;
  const { earlier } = context.plan;
  const { network, program } = await chosenNetwork(options, samples.training, earlier, output.out);
  const constant = constantFeatures(network.features, network.ranges);
  if (constant.length > 0) output.out(`never varied, read as -1: ${constant.join(', ')}`);
  const engine = await startTrainer(program, options, {
    [TRAINING_DATASET]: samples.training.dataset,
    validation: trackDataset(samples.validation, false),
  });
  const trainer = samples.training.feed(engine);
  let run: RunDirectory;
  let result: FitResult;
  try {
    run = await openRun(context.plan, {
      config: configOf(trainOptions, options),
      seed: options.seed,
      versions: { 'trackdnn-trainer': VERSION },
      force: options.force,
    });
    if (earlier === null) await writeTrackInputs(run.file(INPUTS_FILE), network);
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
  if (context.upTo === 'trained') {
    await run.release(); // the next round must not wait for the end of this process
    return 'finished';
  }
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
  { options, samples, output }: TrackContext,
): Promise<void> {
  try {
    await writeTrackExports(run.file('exports'), network, weights);
  } catch (error) {
    throw storageError(error, run.file('exports'));
  }
  const { test } = samples;
  const scores = await scoresOfTracks(network, weights, test);
  const judged = judgedSamples(test, scores, samples.testSamples);
  skippedLines(judged).forEach((line) => output.out(line));
  await run.write('report.html', runReport({ network, samples, judged, result, options }));
  const areas = scoresOf(judged);
  await run.end('finished', { scores: areas });
  const label = samples.isSynthetic ? ' (synthetic tracks)' : '';
  areaLines(areas, label).forEach((line) => output.out(line));
  output.out(`results in ${run.path}, report in ${run.file('report.html')}`);
}

interface Training {
  readonly network: TrackNetwork;
  readonly program: TrainingProgram;
}

function train(
  trainer: Trainer,
  run: RunDirectory,
  context: TrackContext,
  training: Training,
): Promise<FitResult> {
  const { options, samples, plan } = context;
  const { rows } = samples.training;
  return fit({
    ...fitSettings(options, rows, context),
    trainer,
    model: { name: MODEL_NAME, parameters: training.network.classifier.parameterSpecs },
    train: { name: TRAINING_DATASET, rows },
    validation: { name: 'validation', rows: samples.validation.rows },
    callbacks: callbacksOf(run, context, training),
    run,
    resume: plan.earlier !== null,
  });
}

function callbacksOf(run: RunDirectory, { options }: TrackContext, { program }: Training): Callback[] {
  const { weightsOf } = program.step;
  return [
    new AreaUnderRoc(),
    bestEpochCallback(options, options.monitor),
    ...tensorBoardCallbacks(options, run, weightsOf),
  ];
}
