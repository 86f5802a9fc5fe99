/** One network from data to report, in its own run directory. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { EcoderModel } from '@hep/ecoder-models';
import { createEagerTrainer, createOnnxTrainer } from '@hep/engine';
import type { Dataset, Trainer } from '@hep/engine';
import type { SummaryEntry } from '@hep/model-files';
import {
  consoleProgress,
  createRunDirectory,
  EarlyStopping,
  fit,
  openRunDirectory,
  ReduceOnPlateau,
  requireSameInputs,
  tensorBoard,
} from '@hep/training';
import type { Callback, FitResult, InputFile, RunDirectory } from '@hep/training';
import { writeModelFiles, writeVerification } from './artefacts.ts';
import { autoencoderTraining } from './autoencoder-program.ts';
import type { AutoencoderTraining } from './autoencoder-program.ts';
import { learningRateOf, lossOf, optimiserOf } from './choices.ts';
import { layerCosts, totalCost } from './costs.ts';
import { evaluate } from './evaluation.ts';
import type { Evaluation } from './evaluation.ts';
import { trainOptions } from './options.ts';
import type { TrainOptions } from './options.ts';
import { emdSummary, networkReport } from './report.ts';
import { imageColumn } from './samples.ts';
import type { Samples } from './samples.ts';
import { VERSION } from './version.ts';

/** What is common to all networks of a command. */
export interface RunContext {
  readonly options: TrainOptions;
  readonly samples: Samples;
  readonly inputs: readonly InputFile[];
  readonly signal: AbortSignal;
  readonly out: (text: string) => void;
}

/** How a network's run ended. */
export type RunOutcome =
  { readonly kind: 'interrupted' } | { readonly kind: 'finished'; readonly entry: SummaryEntry };

/** Trains (or goes on training), evaluates and exports one network. */
export async function runNetwork(model: EcoderModel, context: RunContext): Promise<RunOutcome> {
  const { options, samples, out } = context;
  const run = await directoryOf(model, context);
  const loss = lossOf(options, model);
  const training = autoencoderTraining(model, loss.perSample, optimiserOf(options), {
    seed: options.seed,
    weighted: samples.weights !== null,
  });
  const images = imageColumn(samples.validation, model.arrangement);
  const trainer = await startTrainer(training, context, {
    train: trainingSet(samples, imageColumn(samples.train, model.arrangement)),
    validation: { rows: samples.validation.wafers.rows, columns: { input_1: images } },
  });
  out(`${model.name}: ${loss.name} on ${trainer.description}`);
  let result: FitResult;
  try {
    result = await train(model, training, trainer, run, context);
  } finally {
    await trainer.close();
  }
  if (result.stoppedBy === 'interrupt') {
    out(`${model.name}: interrupted after epoch ${result.epochs}; go on with --resume ${options.output}`);
    return { kind: 'interrupted' };
  }
  const weights = training.step.weightsOf(result.state);
  const evaluation = await evaluate(model, weights, samples.validation, images.values, options);
  await writeModelFiles(run.file('exports'), model, weights);
  await writeVerification(run.file('exports'), evaluation, images.values, options.verifyRows);
  const entry = summaryEntry(model, evaluation);
  await run.write('report.html', report(model, loss.name, result, evaluation, entry, context));
  await run.end('finished');
  const { mean, std, modules } = emdSummary(evaluation.emd);
  const label = samples.isSynthetic ? ' (synthetic data)' : '';
  out(`${model.name}: EMD ${mean.toFixed(4)} ± ${std.toFixed(4)} over ${modules} validation modules${label}`);
  out(`${model.name}: results in ${run.path}, report in ${run.file('report.html')}`);
  return { kind: 'finished', entry };
}

async function directoryOf(model: EcoderModel, { options, inputs }: RunContext): Promise<RunDirectory> {
  const path = join(options.output, model.name);
  if (options.resume !== undefined && existsSync(join(path, 'run.json'))) {
    const run = await openRunDirectory(path);
    requireSameInputs(run.record.inputs, inputs);
    return run;
  }
  return createRunDirectory(
    path,
    {
      config: trainOptions.toYaml(options),
      seed: options.seed,
      versions: { 'ecoder-trainer': VERSION },
      inputs,
    },
    { force: options.force },
  );
}

function trainingSet(samples: Samples, image: Dataset['columns'][string]): Dataset {
  const { weights, train: part } = samples;
  const columns: Dataset['columns'] =
    weights === null
      ? { input_1: image }
      : { input_1: image, sampleWeight: { rowShape: [], values: weights } };
  return { rows: part.wafers.rows, columns };
}

async function startTrainer(
  { program }: AutoencoderTraining,
  { options }: RunContext,
  datasets: Readonly<Record<string, Dataset>>,
): Promise<Trainer> {
  if (options.engine === 'tfjs') {
    return createEagerTrainer(program, datasets, { backend: options.tfjsBackend });
  }
  return createOnnxTrainer(program, datasets, {
    batchSize: options.batchSize,
    device: options.device,
    deviceIds: options.deviceIds,
    ...(options.replicas > 0 ? { replicas: options.replicas } : {}),
    ...(options.threads > 0 ? { threads: options.threads } : {}),
  });
}

function train(
  model: EcoderModel,
  { step }: AutoencoderTraining,
  trainer: Trainer,
  run: RunDirectory,
  { options, samples, signal }: RunContext,
): Promise<FitResult> {
  const rows = samples.train.wafers.rows;
  const stepsPerEpoch = Math.ceil(rows / options.batchSize);
  const callbacks: Callback[] = [
    new EarlyStopping({ patience: options.patience, restoreBest: options.restoreBest }),
    ...(options.reduceOnPlateau > 0 ? [new ReduceOnPlateau({ patience: options.reduceOnPlateau })] : []),
    ...(options.tensorboard
      ? [
          tensorBoard({
            folder: run.file('tensorboard'),
            histograms: { weights: (state) => step.weightsOf(state) },
          }),
        ]
      : []),
  ];
  return fit({
    trainer,
    model: { name: model.name, parameters: model.autoencoder.parameterSpecs },
    train: { name: 'train', rows },
    validation: { name: 'validation', rows: samples.validation.wafers.rows },
    batchSize: options.batchSize,
    epochs: options.epochs,
    learningRate: learningRateOf(options, stepsPerEpoch),
    seed: options.seed,
    callbacks,
    run,
    resume: options.resume !== undefined,
    checkpointMinutes: options.checkpointMinutes,
    signal,
    progress: consoleProgress(),
  });
}

function summaryEntry(model: EcoderModel, evaluation: Evaluation): SummaryEntry {
  const costs = layerCosts(model);
  const encoder = totalCost(costs, 'encoder');
  const { mean, std } = emdSummary(evaluation.emd);
  return {
    name: model.name,
    encoderParameters: encoder.parameters,
    totalParameters: totalCost(costs).parameters,
    encoderFlops: encoder.flops,
    performance: { ae: { EMD: { mean, std } } },
  };
}

function report(
  model: EcoderModel,
  lossName: string,
  result: FitResult,
  evaluation: Evaluation,
  entry: SummaryEntry,
  { options, samples }: RunContext,
): string {
  const { mean, std, modules } = emdSummary(evaluation.emd);
  const shown = Object.entries(options).map(([key, value]) => [key, String(value)] as const);
  return networkReport({
    name: model.name,
    isSynthetic: samples.isSynthetic,
    facts: [
      [samples.isSynthetic ? 'EMD (synthetic)' : 'EMD', `${mean.toFixed(3)} ± ${std.toFixed(3)}`],
      ['Validation modules', modules],
      ['Training modules', samples.train.wafers.rows],
      ['Epochs', result.epochs],
      ['Encoder parameters', entry.encoderParameters],
      ['Encoder FLOPs', entry.encoderFlops],
    ],
    lossName,
    history: result.history,
    bestEpoch: result.best?.epoch ?? null,
    evaluation,
    options: shown,
  });
}
