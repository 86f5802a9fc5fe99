/** One network from data to report, in its own run directory. */
import type { EcoderModel } from '@hep/ecoder-models';
import type { Trainer } from '@hep/engine';
import type { SummaryEntry } from '@hep/model-files';
import type { TrainingProgram } from '@hep/nn';
import type { CliOutput } from '@hep/options';
import { storageError } from '@hep/files';
import { consoleProgress, EarlyStopping, fit, ReduceOnPlateau, tensorBoard } from '@hep/training';
import type { Callback, FitResult, RunDirectory } from '@hep/training';
import { partsOf, writeModelFiles, writeVerification } from './artefacts.ts';
import { learningRateOf } from './learning-rate.ts';
import { layerCosts, totalCost } from './costs.ts';
import { evaluate } from './evaluation.ts';
import type { Evaluation } from './evaluation.ts';
import type { TrainOptions } from './options.ts';
import { openRun } from './output-folder.ts';
import type { PlannedRun } from './output-folder.ts';
import { emdSummary, networkReport } from './report.ts';
import { IMAGE } from './samples.ts';
import type { Samples } from './samples.ts';
import { autoencoderProgram, startTrainer, trainingDatasets } from './training.ts';

/** What is common to all networks of a command. */
export interface RunContext {
  readonly options: TrainOptions;
  readonly samples: Samples;
  readonly signal: AbortSignal;
  readonly output: CliOutput;
}

/** Trains (or goes on training), evaluates and exports one network. */
export async function runNetwork(plan: PlannedRun, context: RunContext): Promise<'finished' | 'interrupted'> {
  const { options, samples, output } = context;
  const { model, loss } = plan;
  const program = autoencoderProgram(model, loss.perSample, options, samples.weights !== null);
  const datasets = trainingDatasets(model, samples);
  const trainer = await startTrainer(program, options, datasets);
  let run: RunDirectory;
  let result: FitResult;
  try {
    run = await openRun(plan, options);
    output.out(`${model.name}: ${loss.name} on ${trainer.description}`);
    result = await train(model, program, trainer, run, context);
  } finally {
    await trainer.close();
  }
  if (result.stoppedBy === 'interrupt') {
    output.out(
      `${model.name}: interrupted after epoch ${result.epochs}; go on with --resume ${options.output}`,
    );
    return 'interrupted';
  }
  const weights = program.step.weightsOf(result.state);
  const { columns } = datasets.validation;
  const evaluation = await evaluate(model, weights, samples.validation, columns, options);
  try {
    await writeModelFiles(run.file('exports'), partsOf(model, weights), options);
    await writeVerification(run.file('exports'), evaluation, columns[IMAGE].values, options.verifyRows);
  } catch (error) {
    throw storageError(error, run.file('exports'));
  }
  const scores = summaryEntry(model, evaluation);
  await run.write('report.html', report(plan, result, evaluation, scores, context));
  await run.end('finished', { scores });
  tellScores(model, run, evaluation, context);
  return 'finished';
}

function tellScores(
  { name }: EcoderModel,
  run: RunDirectory,
  evaluation: Evaluation,
  { samples, output: { out } }: RunContext,
): void {
  const { mean, std, modules } = emdSummary(evaluation.emd);
  const label = samples.isSynthetic ? ' (synthetic data)' : '';
  out(`${name}: EMD ${mean.toFixed(4)} ± ${std.toFixed(4)} over ${modules} validation modules${label}`);
  out(`${name}: results in ${run.path}, report in ${run.file('report.html')}`);
}

function train(
  model: EcoderModel,
  { step }: TrainingProgram,
  trainer: Trainer,
  run: RunDirectory,
  { options, samples, signal, output: { out, terminal } }: RunContext,
): Promise<FitResult> {
  const rows = samples.train.wafers.rows;
  const stepsPerEpoch = Math.ceil(rows / options.batchSize);
  const histograms = { weights: step.weightsOf };
  const callbacks: Callback[] = [
    new EarlyStopping({ patience: options.patience, restoreBest: options.restoreBest }),
    ...(options.reduceOnPlateau > 0 ? [new ReduceOnPlateau({ patience: options.reduceOnPlateau })] : []),
    ...(options.tensorboard ? [tensorBoard({ folder: run.file('tensorboard'), histograms })] : []),
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
    progress: consoleProgress(terminal ?? { write: (text) => out(text.trimEnd()) }),
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
  { model, loss }: PlannedRun,
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
      ...bitFacts(model),
    ],
    lossName: loss.name,
    history: result.history,
    bestEpoch: result.best?.epoch ?? null,
    evaluation,
    options: shown,
  });
}

/** Bits of a quantised network's weights and latent vector. */
function bitFacts({ quantisation }: EcoderModel): (readonly [string, string | number])[] {
  if (quantisation === null) return [];
  const { conv, dense, latent } = quantisation;
  const weights = conv.bits === dense.bits ? `${conv.bits}` : `${conv.bits}, ${dense.bits}`;
  return [
    ['Bits of the weights', weights],
    ['Bits of the latent vector', latent.bits],
  ];
}
