/** From jets to report, in a run directory. */
import type { Trainer } from '@hep/engine';
import { storageError } from '@hep/files';
import { jetCodec } from '@hep/jet-compression';
import type { JetCodec } from '@hep/jet-compression';
import { fit } from '@hep/training';
import type { FitOptions, FitResult, RunDirectory, TensorBoardOptions } from '@hep/training';
import {
  bestEpochCallback,
  configOf,
  fitSettings,
  openRun,
  startTrainer,
  tensorBoardCallbacks,
} from '@hep/training-command';
import type { RunContext, WorkEnd } from '@hep/training-command';
import { writeExports } from './exports.ts';
import { evaluate } from './evaluation.ts';
import type { Evaluation } from './evaluation.ts';
import { trainOptions } from './options.ts';
import type { TrainOptions } from './options.ts';
import { runReport } from './report.ts';
import { latentPlane } from './report/latent-plane.ts';
import { storageTable } from './storage-table.ts';
import type { Samples } from './samples.ts';
import { chosenLayout, chosenNetwork, jetProgram, scalarsOf, trainingDatasets } from './training.ts';
import { VERSION } from './version.ts';

type Context = RunContext<TrainOptions, Samples>;

/** Trains (or goes on training), evaluates and exports. */
export async function runNetwork(context: Context): Promise<WorkEnd> {
  const { options, samples, output } = context;
  const network = chosenNetwork(options, samples.normalisation.length);
  const program = jetProgram(network, options, samples);
  const trainer = await startTrainer(program, options, trainingDatasets(samples));
  let run: RunDirectory;
  let result: FitResult;
  try {
    run = await openRun(context.plan, {
      config: configOf(trainOptions, options),
      seed: options.seed,
      versions: { 'jet-autoencoder': VERSION },
      force: options.force,
    });
    output.out(`${options.network}: ${options.model}, ${options.loss} on ${trainer.description}`);
    result = await train(trainer, run, context, network.training.parameterSpecs, program.step.weightsOf);
  } finally {
    await trainer.close();
  }
  if (result.stoppedBy === 'interrupt') {
    output.out(`interrupted after epoch ${result.epochs}; go on with --resume ${run.path}`);
    return 'interrupted';
  }
  const { normalisation, metric } = samples;
  const description = { name: options.network, layout: chosenLayout(options), normalisation, metric };
  const codec = jetCodec(description, program.step.weightsOf(result.state));
  await finish(codec, run, result, context);
  return 'finished';
}

async function finish(
  codec: JetCodec,
  run: RunDirectory,
  result: FitResult,
  context: Context,
): Promise<void> {
  const { options, samples, output } = context;
  const evaluation = await evaluate(codec, samples.test);
  try {
    await writeExports(run.file('exports'), codec);
  } catch (error) {
    throw storageError(error, run.file('exports'));
  }
  const storage = await storageTable(codec, samples.train.jets, samples.test.jets);
  const plane = await latentPlane(codec, evaluation.latent);
  const report = runReport({ codec, samples, evaluation, storage, plane, result, options });
  await run.write('report.html', report);
  await run.end('finished', { scores: { ...scoresOf(codec, evaluation), storage } });
  const label = samples.isSynthetic ? ' (synthetic jets)' : '';
  output.out(
    `normalised MSE ${evaluation.errors.mse.toExponential(3)} on ${evaluation.errors.jets} test jets${label}`,
  );
  output.out(`results in ${run.path}, report in ${run.file('report.html')}`);
}

function scoresOf({ layout }: JetCodec, { errors }: Evaluation) {
  return {
    mse: errors.mse,
    jets: errors.jets,
    bitsPerJet: 32 * layout.latent,
    variables: Object.fromEntries(
      errors.variables.map(({ name, mse, residual, relativeResidual }) => [
        name,
        { mse, residual, relativeResidual },
      ]),
    ),
  };
}

function train(
  trainer: Trainer,
  run: RunDirectory,
  context: Context,
  parameters: FitOptions['model']['parameters'],
  weightsOf: NonNullable<TensorBoardOptions['histograms']>['weights'],
): Promise<FitResult> {
  const { options, samples, plan } = context;
  const { rows } = samples.train.jets;
  return fit({
    ...fitSettings(options, rows, context),
    trainer,
    model: { name: options.network, parameters },
    train: { name: 'train', rows },
    validation: { name: 'validation', rows: samples.validation.jets.rows },
    scalars: scalarsOf(options),
    callbacks: [bestEpochCallback(options), ...tensorBoardCallbacks(options, run, weightsOf)],
    run,
    resume: plan.earlier !== null,
  });
}
