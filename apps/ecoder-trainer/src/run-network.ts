/** One network from data to report, in its own run directory. */
import type { EcoderModel } from '@hep/ecoder-models';
import type { HostState, Trainer } from '@hep/engine';
import type { SummaryEntry } from '@hep/model-files';
import type { TrainingProgram } from '@hep/nn';
import type { CliOutput } from '@hep/options';
import type { LayerEbops } from '@hep/quant';
import { storageError } from '@hep/files';
import { fit, ReduceOnPlateau } from '@hep/training';
import type { Callback, FitResult, RunDirectory } from '@hep/training';
import { bestEpochCallback, fitSettings, startTrainer, tensorBoardCallbacks } from '@hep/training-command';
import type { WorkEnd } from '@hep/training-command';
import { trainedParts, writeModelFiles, writeVerification } from './artefacts.ts';
import { layerCosts, totalCost } from './costs.ts';
import { evaluate } from './evaluation.ts';
import type { Evaluation } from './evaluation.ts';
import { encoderEbops, totalEbops } from './encoder-bits.ts';
import { bitTraining } from './learned-bits.ts';
import type { BitTraining } from './learned-bits.ts';
import { trainOptions } from './options.ts';
import type { TrainOptions } from './options.ts';
import { openNetworkRun } from './output-folder.ts';
import type { PlannedNetwork } from './output-folder.ts';
import { emdSummary, metricsOf } from './metrics.ts';
import { networkReport } from './report.ts';
import { IMAGE } from './samples.ts';
import type { Samples } from './samples.ts';
import { autoencoderProgram, trainingDatasets } from './training.ts';

/** What is common to all networks of a command. */
export interface CommandContext {
  readonly options: TrainOptions;
  readonly samples: Samples;
  readonly signal: AbortSignal;
  readonly output: CliOutput;
}

/** Trains (or goes on training), evaluates and exports one network. */
export async function runNetwork(plan: PlannedNetwork, context: CommandContext): Promise<WorkEnd> {
  const { options, samples, output } = context;
  const { model, loss } = plan;
  const program = autoencoderProgram(model, loss.perSample, options, samples.weights !== null);
  const datasets = trainingDatasets(model, samples);
  const trainer = await startTrainer(program, options, datasets);
  let run: RunDirectory;
  let result: FitResult;
  try {
    run = await openNetworkRun(plan, options);
    output.out(`${model.name}: ${loss.name} on ${trainer.description}`);
    const { columns } = datasets.validation;
    const emdOf = async (state: HostState) => {
      const weights = program.step.weightsOf(state);
      const { emd } = await evaluate(model, weights, samples.validation, columns, options);
      return emdSummary(emd).mean;
    };
    const bits = model.learned === null ? null : bitTraining(options, run, emdOf);
    result = await train(model, program, trainer, run, bits, plan.earlier !== null, context);
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
    await writeModelFiles(run.file('exports'), trainedParts(model, weights, output.out), options);
    await writeVerification(run.file('exports'), evaluation, columns[IMAGE].values, options.verifyRows);
  } catch (error) {
    throw storageError(error, run.file('exports'));
  }
  const scores = summaryEntry(model, evaluation);
  const ebops = encoderEbops(model, weights);
  await run.write('report.html', report(plan, result, evaluation, scores, ebops, context));
  await run.end('finished', { scores: ebops === null ? scores : { ...scores, ebops: totalEbops(ebops) } });
  tellScores(model, run, evaluation, ebops, context);
  return 'finished';
}

function tellScores(
  { name }: EcoderModel,
  run: RunDirectory,
  evaluation: Evaluation,
  ebops: readonly LayerEbops[] | null,
  { samples, output: { out } }: CommandContext,
): void {
  const { mean, std, modules } = emdSummary(evaluation.emd);
  const label = samples.isSynthetic ? ' (synthetic data)' : '';
  out(`${name}: EMD ${mean.toFixed(4)} ± ${std.toFixed(4)} over ${modules} validation modules${label}`);
  if (ebops !== null) out(`${name}: ${totalEbops(ebops)} effective bit operations in the encoder`);
  out(`${name}: results in ${run.path}, report in ${run.file('report.html')}`);
}

function train(
  model: EcoderModel,
  { step }: TrainingProgram,
  trainer: Trainer,
  run: RunDirectory,
  bits: BitTraining | null,
  isResumed: boolean,
  context: CommandContext,
): Promise<FitResult> {
  const { options, samples } = context;
  const rows = samples.train.wafers.rows;
  const callbacks: Callback[] = [
    // The loss alone would end a training that trades it for bits.
    ...(bits === null ? [bestEpochCallback(options)] : []),
    ...(options.reduceOnPlateau > 0 ? [new ReduceOnPlateau({ patience: options.reduceOnPlateau })] : []),
    ...(bits?.callbacks ?? []),
    ...tensorBoardCallbacks(options, run, step.weightsOf),
  ];
  return fit({
    ...fitSettings(options, rows, context),
    trainer,
    model: { name: model.name, parameters: model.autoencoder.parameterSpecs },
    train: { name: 'train', rows },
    validation: { name: 'validation', rows: samples.validation.wafers.rows },
    scalars: bits?.scalars,
    callbacks,
    run,
    resume: isResumed,
  });
}

function summaryEntry(model: EcoderModel, evaluation: Evaluation): SummaryEntry {
  const costs = layerCosts(model);
  const encoder = totalCost(costs, 'encoder');
  return {
    name: model.name,
    encoderParameters: encoder.parameters,
    totalParameters: totalCost(costs).parameters,
    encoderFlops: encoder.flops,
    performance: { ae: metricsOf(evaluation) },
  };
}

function report(
  { model, loss }: PlannedNetwork,
  result: FitResult,
  evaluation: Evaluation,
  entry: SummaryEntry,
  ebops: readonly LayerEbops[] | null,
  { options, samples }: CommandContext,
): string {
  const { mean, std, modules } = emdSummary(evaluation.emd);
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
      ...bitFacts(model, ebops),
    ],
    lossName: loss.name,
    ebops,
    history: result.history,
    bestEpoch: result.best?.epoch ?? null,
    evaluation,
    options: trainOptions.rows(options),
  });
}

/** Bits of a quantised network's weights and latent vector, and what its products cost. */
function bitFacts(
  { quantisation, learned }: EcoderModel,
  ebops: readonly LayerEbops[] | null,
): (readonly [string, string | number])[] {
  if (quantisation === null) return [];
  const { conv, dense, latent } = quantisation;
  const weights = conv.bits === dense.bits ? `${conv.bits}` : `${conv.bits}, ${dense.bits}`;
  return [
    ['Bits of the weights', learned === null ? weights : 'learned'],
    ['Bits of the latent vector', latent.bits],
    ...(ebops === null ? [] : [['Encoder EBOPs', totalEbops(ebops)] as const]),
  ];
}
