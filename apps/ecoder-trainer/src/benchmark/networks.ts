/** Autoencoders as candidates: trained here, from run directories, or from published weights. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CALQ_PER_MIP_T } from '@hep/datasets';
import type { EcoderModel } from '@hep/ecoder-models';
import { UserError } from '@hep/options';
import type { CliOutput } from '@hep/options';
import { readRunRecord } from '@hep/training';
import type { InputFile } from '@hep/training';
import { requireSame } from '@hep/training-command';
import type { WorkEnd } from '@hep/training-command';
import { layerCosts, totalCost } from '../costs.ts';
import { evaluate } from '../evaluation.ts';
import { networksOf } from '../network-options.ts';
import { trainOptions } from '../options.ts';
import type { TrainOptions } from '../options.ts';
import { planRuns } from '../output-folder.ts';
import { CHANGEABLE } from '../resume.ts';
import { runNetwork } from '../run-network.ts';
import { inputColumns } from '../samples.ts';
import type { Samples } from '../samples.ts';
import { kerasWeights, trainedNetwork } from '../trained-network.ts';
import type { TrainedNetwork } from '../trained-network.ts';
import type { Candidate, NetworkFacts } from './candidate.ts';
import { asTrainOptions } from './options.ts';
import type { BenchmarkOptions } from './options.ts';
import { recipes } from './recipes.ts';
import type { Recipe, RecipeName } from './recipes.ts';

/** A network to train for a number of eLinks. */
export interface PlannedTraining {
  readonly label: string;
  readonly options: TrainOptions;
  /** Its run directory. */
  readonly run: string;
}

/**
 * The trainings that the options ask for, each with a folder of its own.
 * @throws UserError when a run that is there was made with other options
 */
export function plannedTrainings(options: BenchmarkOptions): PlannedTraining[] {
  const names = options.autoencoders.filter(
    (name) => name !== 'qk-6b-emd' || options.emdNetwork !== undefined,
  );
  return names.flatMap((name) => {
    const { isQuantised } = recipes[name];
    return isQuantised
      ? options.elinks.map((eLinks) => planOf(name, eLinks, options))
      : [planOf(name, null, options)];
  });
}

function planOf(name: RecipeName, eLinks: number | null, options: BenchmarkOptions): PlannedTraining {
  const recipe: Recipe = recipes[name];
  const folder = join(options.output, 'runs', eLinks === null ? name : `${name}-${eLinks}-elinks`);
  const run = join(folder, recipe.model);
  const base: TrainOptions = {
    ...asTrainOptions(options),
    models: [recipe.model],
    ...(eLinks === null ? {} : { nElinks: eLinks }),
    ...recipe.options,
    output: folder,
  };
  if (options.force || !existsSync(join(run, 'run.json'))) return { label: recipe.label, options: base, run };
  const saved = trainOptions.parse([], { config: join(run, 'config.yaml') });
  requireSame(run, saved, { ...base, output: saved.output }, CHANGEABLE);
  return { label: recipe.label, options: { ...base, resume: folder }, run };
}

/** What trainings share. */
export interface TrainingContext {
  readonly samples: Samples;
  /** The files of the data set. */
  readonly data: readonly InputFile[];
  readonly signal: AbortSignal;
  readonly output: CliOutput;
}

/** Trains a network unless that was done before. */
export async function trainPlanned(
  { options }: PlannedTraining,
  { data, ...context }: TrainingContext,
): Promise<WorkEnd> {
  const [plan] = await planRuns(networksOf(options.models, options), options, data);
  return plan.isFinished ? 'finished' : runNetwork(plan, { ...context, options });
}

/** A network that was trained here or elsewhere. */
export interface NamedNetwork {
  readonly label: string;
  readonly network: TrainedNetwork;
  readonly training: Pick<NetworkFacts, 'epochs' | 'seconds'>;
}

/**
 * The network of a run directory.
 * @throws UserError when there is none
 */
export async function networkOfRun(
  run: string,
  label: string,
  notice: (text: string) => void,
): Promise<NamedNetwork> {
  const network = await trainedNetwork(run, notice);
  const { result } = await readRunRecord(run, 'of a network');
  return { label, network, training: { epochs: result?.epochs ?? NaN, seconds: result?.seconds ?? NaN } };
}

/**
 * The network of published weights.
 * @param text NETWORK:ELINKS:FILE
 * @throws UserError for another form, an unknown network, and weights that do not fit
 */
export async function networkOfWeights(text: string, options: TrainOptions): Promise<NamedNetwork> {
  const [, name, eLinks, path] = /^(.+?):([2-5]):(.+)$/.exec(text) ?? [];
  if (name === undefined) {
    throw new UserError(
      `option --weights: got "${text}", expected NETWORK:ELINKS:FILE with 2 to 5 eLinks, such as 8x8_c8_S2_tele:5:file.hdf5`,
    );
  }
  const own = { ...options, models: [name], nElinks: Number(eLinks) };
  const [model] = networksOf(own.models, own);
  const weights = await kerasWeights(model, path);
  return {
    label: name,
    network: { model, weights, options: own },
    training: { epochs: NaN, seconds: NaN },
  };
}

/** What a network makes of the validation modules. Its latent bits fill its eLinks, with module sum and header. */
export async function candidateOf(
  { label, network, training }: NamedNetwork,
  { validation }: Samples,
): Promise<Candidate> {
  const { model, weights, options } = network;
  const { decodedMipT } = await evaluate(
    model,
    weights,
    validation,
    inputColumns(validation, model),
    options,
  );
  const { parameters, flops } = totalCost(layerCosts(model), 'encoder');
  const eLinks = model.quantisation === null ? null : options.nElinks;
  return {
    name: label,
    kind: 'network',
    eLinks,
    bitsPerModule: eLinks === null ? NaN : 32 * eLinks,
    charges: Float32Array.from(decodedMipT, (charge) => charge * CALQ_PER_MIP_T),
    cutModules: 0,
    network: {
      encoderParameters: parameters,
      encoderFlops: flops,
      weightBits: weightBits(model),
      ...training,
    },
  };
}

function weightBits({ encoder, quantisation }: EcoderModel): number {
  const kernels = encoder.parameterSpecs.filter(({ name }) => name.endsWith('/kernel'));
  const convolutions = kernels.filter(({ shape }) => shape.length === 4).map(({ name }) => layerOf(name));
  return encoder.parameterSpecs.reduce((bits, { name, shape }) => {
    const format = convolutions.includes(layerOf(name)) ? quantisation?.conv : quantisation?.dense;
    return bits + shape.reduce((a, b) => a * b, 1) * (format?.bits ?? 32);
  }, 0);
}

function layerOf(parameter: string): string {
  return parameter.slice(0, parameter.lastIndexOf('/'));
}
