/** One training in its run directory. */
import {
  ControlPairing,
  historyCheckpoint,
  keepSplit,
  SELECTION,
  TaggerValidation,
  trainingDataset,
} from '@hep/calratio-training';
import type { Tagger } from '@hep/calratio-training';
import type { CliOutput } from '@hep/options';
import { fit, showing } from '@hep/training';
import type { Callback, FitResult, RunDirectory } from '@hep/training';
import {
  bestEpochCallback,
  fitSettings,
  progressOn,
  startTrainer,
  tensorBoardCallbacks,
} from '@hep/training-command';
import type { RunData } from './data.ts';
import type { TaggerTraining } from './network.ts';
import type { TrainOptions } from './options.ts';

/** What trainings of one command share. */
export interface TrainingContext {
  readonly data: RunData;
  readonly signal: AbortSignal;
  readonly output: CliOutput;
  /** Go on with what the run directories hold. */
  readonly isResumed: boolean;
}

/** Results of an epoch that are shown while training; the history has all. */
const SHOWN = [
  ...['loss', 'mainLoss', 'mainAccuracy', 'adversaryLoss'],
  ...['val_mainLoss', 'val_mainAccuracy', 'control_ks', SELECTION],
];

/** Name of the model in checkpoints. */
export const MODEL_NAME = 'calratio';

const USUAL_BATCH_SIZE = 512;

/** Jets of the control region's training part whose K-S distances are taken after each epoch, so that it takes seconds. */
const MOST_FURTHER_JETS = 20_000;

/** Pairs of jets in a step. */
function batchSizeOf({ batchSize, numSplits }: TrainOptions, trainingJets: number): number {
  if (numSplits !== undefined) return Math.ceil(trainingJets / numSplits);
  return batchSize ?? Math.min(USUAL_BATCH_SIZE, trainingJets);
}

/** Trains, or goes on training, until the epochs are done, nothing improves or a stop is asked for. */
export async function trainTagger(
  training: TaggerTraining,
  tagger: Tagger,
  run: RunDirectory,
  options: TrainOptions,
  { data, signal, output, isResumed }: TrainingContext,
): Promise<FitResult> {
  const { main, control } = data;
  const rows = main.split.train.length;
  const batchSize = batchSizeOf(options, rows);
  const pairing = new ControlPairing({
    mainRows: rows,
    control: control.split.train,
    seed: options.seed,
    isFixed: options.referenceCompat,
  });
  await keepSplit(run.file('split.npz'), data);
  const dataset = trainingDataset(data, pairing.picks);
  const trainer = await startTrainer(training.program, { ...options, batchSize }, { train: dataset });
  try {
    output.out(
      `${run.path}: adversary weight ${options.adversaryWeight}, ${batchSize} jets in a step, ${trainer.description}`,
    );
    const settings = fitSettings({ ...options, batchSize }, rows, { signal, output });
    return await fit({
      ...settings,
      trainer,
      model: { name: MODEL_NAME, parameters: training.network.original.parameterSpecs },
      train: { name: 'train', rows },
      shuffle: !options.referenceCompat,
      callbacks: [pairing, ...callbacksOf(training, tagger, run, options, data)],
      run,
      resume: isResumed,
      keepCheckpoints: options.keepCheckpoints > 0 ? options.keepCheckpoints : options.epochs + 1,
      progress: showing(SHOWN, progressOn(output)),
    });
  } finally {
    await trainer.close();
  }
}

function callbacksOf(
  { weightsOf }: TaggerTraining,
  tagger: Tagger,
  run: RunDirectory,
  options: TrainOptions,
  { main, control }: RunData,
): Callback[] {
  const validation = new TaggerValidation({
    tagger,
    weightsOf,
    main: { sample: main.sample, rows: main.split.validation },
    control: { sample: control.sample, rows: control.split.validation },
    furtherControlRows: control.split.train.subarray(0, MOST_FURTHER_JETS),
    select: options.select,
    ksWeight: options.ksWeight,
  });
  return [
    validation,
    bestEpochCallback(options, SELECTION),
    ...tensorBoardCallbacks(options, run, weightsOf),
  ];
}

/** Writes the history in the form of the reference, too. */
export async function writeHistoryCheckpoint(run: RunDirectory, { history }: FitResult): Promise<void> {
  await run.write('history_checkpoint.json', historyCheckpoint(history));
}
