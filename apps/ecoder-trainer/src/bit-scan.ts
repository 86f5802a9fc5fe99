/**
 * One training for each combination of weight and latent bits:
 *
 *     config.yaml   scan.csv   scan.html   weights-5_latent-9/   ...   each as the output folder of train
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { quantisation, weightPresets } from '@hep/ecoder-models';
import type { EcoderModel } from '@hep/ecoder-models';
import { curves, renderReport } from '@hep/figures';
import { atomicWrite } from '@hep/files';
import { parameterCount } from '@hep/nn';
import { kebabCase, UserError } from '@hep/options';
import type { CliOutput } from '@hep/options';
import { networksOf } from './network-options.ts';
import { trainOptions } from './options.ts';
import type { TrainOptions } from './options.ts';
import { CHANGEABLE } from './resume.ts';
import { finishedNetwork } from './summary-entry.ts';

/** What is scanned. */
export interface BitGrid {
  readonly weightBits: readonly number[];
  readonly latentBits: readonly number[];
}

/** What a network reached with some bits. */
interface ScanPoint {
  readonly model: string;
  readonly weightBits: number;
  readonly latentBits: number;
  /** Bits of all weights of the encoder, and of one latent vector. */
  readonly memoryBits: number;
  readonly wordBits: number;
  readonly epochs: number;
  readonly emd: { readonly mean: number; readonly std: number };
}

/**
 * Trains every combination that is not finished yet; `scan.csv` and `scan.html` grow with each.
 * @param train the command for one combination; its exit code
 * @throws UserError when an earlier scan in the folder had other options
 */
export async function scanBits(
  grid: BitGrid,
  options: TrainOptions,
  output: CliOutput,
  train: (options: TrainOptions, output: CliOutput) => Promise<number>,
): Promise<number> {
  const combinations = grid.weightBits.flatMap((weights) =>
    grid.latentBits.map((latent) => optionsOf(options, weights, latent)),
  );
  for (const combination of combinations) {
    networksOf(combination.models, combination);
    requireSameAsBefore(combination);
  }
  const points: ScanPoint[] = [];
  for (const [index, combination] of combinations.entries()) {
    output.out(`${combination.output} (${index + 1} of ${combinations.length})`);
    const code = await train(combination, output);
    if (code !== 0) return code;
    const models = networksOf(combination.models, combination);
    points.push(...(await Promise.all(models.map((model) => pointOf(model, combination.output)))));
    await atomicWrite(join(options.output, 'scan.csv'), scanCsv(points));
    await atomicWrite(join(options.output, 'scan.html'), scanReport(points, options));
  }
  output.out(`scan of ${combinations.length} combinations in ${join(options.output, 'scan.html')}`);
  return 0;
}

/** The command of one combination; it goes on where there are results of it. */
function optionsOf(options: TrainOptions, weights: number, latent: number): TrainOptions {
  const output = join(options.output, `weights-${weights}_latent-${latent}`);
  const bits = [weights, weightPresets[options.quantisation].integer];
  return {
    ...options,
    ...{
      quantize: true,
      bitsConv: bits,
      bitsDense: bits,
      bitsLatent: [latent, quantisation().latent.integer],
    },
    output,
    resume: existsSync(join(output, 'config.yaml')) ? output : undefined,
  };
}

function requireSameAsBefore(options: TrainOptions): void {
  if (options.resume === undefined) return;
  const saved = trainOptions.parse([], { config: join(options.resume, 'config.yaml') });
  for (const key of Object.keys(saved) as (keyof TrainOptions)[]) {
    if (CHANGEABLE.has(key) || key === 'output' || String(saved[key]) === String(options[key])) continue;
    throw new UserError(
      `--${kebabCase(key)} ${String(options[key])}: the earlier scan in ${options.resume} has ${String(saved[key])}; ` +
        'give another --output, or the same options',
    );
  }
}

async function pointOf(model: EcoderModel, folder: string): Promise<ScanPoint> {
  const { entry, result } = await finishedNetwork(join(folder, model.name));
  const { conv, latent } = model.quantisation!;
  const [{ shape }] = model.encoder.network.outputs;
  return {
    model: model.name,
    weightBits: conv.bits,
    latentBits: latent.bits,
    memoryBits: conv.bits * parameterCount(model.encoder.parameterSpecs),
    wordBits: latent.bits * shape[0],
    epochs: result?.epochs ?? 0,
    emd: entry.performance['ae']['EMD'],
  };
}

function scanCsv(points: readonly ScanPoint[]): string {
  const lines = points.map(({ model, weightBits, latentBits, memoryBits, wordBits, epochs, emd }) =>
    [`"${model}"`, weightBits, latentBits, memoryBits, wordBits, epochs, emd.mean, emd.std].join(),
  );
  return ['model,weight_bits,latent_bits,memory_bits,word_bits,epochs,EMD,EMD_err', ...lines, ''].join('\n');
}

function scanReport(points: readonly ScanPoint[], { input }: TrainOptions): string {
  const models = [...new Set(points.map(({ model }) => model))];
  return renderReport({
    title: 'Scan over bits',
    subtitle:
      input.length === 0
        ? 'Synthetic toy modules: the scores compare settings, they say nothing about the detector.'
        : 'HGCAL ECON-T autoencoder',
    sections: models.map((model) => {
      const own = points.filter((point) => point.model === model);
      const figure = curves({
        series: seriesOf(own),
        xTitle: 'Bits of a latent number',
        yTitle: 'Mean EMD [sensor cells]',
      });
      const rows = own.map(({ weightBits, latentBits, memoryBits, wordBits, emd }) => [
        ...[weightBits, latentBits, memoryBits, wordBits],
        ...[emd.mean, emd.std],
      ]);
      const columns = ['weight bits', 'latent bits', 'bits of all weights', 'bits sent', 'EMD', 'spread'];
      return {
        heading: model,
        figures: [{ figure, caption: 'Validation modules.', wide: true }],
        tables: [{ columns, rows }],
      };
    }),
  });
}

/** One curve for each number of weight bits. */
function seriesOf(points: readonly ScanPoint[]) {
  return [...new Set(points.map(({ weightBits }) => weightBits))].map((bits) => {
    const own = points.filter(({ weightBits }) => weightBits === bits);
    return {
      name: `${bits}-bit weights`,
      x: own.map(({ latentBits }) => latentBits),
      y: own.map(({ emd }) => emd.mean),
    };
  });
}
