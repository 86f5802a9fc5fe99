/** From files or the toy generator to normalised modules, split into training and validation. */
import {
  CONDITIONS,
  conditionsOf,
  createGenerator,
  generateToy,
  loadWafers,
  mixOf,
  normalise,
  parseColumnMap,
  requireConditions,
  rowsOfElinks,
  sampleWeights,
  selectWafers,
  splitFirst,
  splitShuffled,
} from '@hep/datasets';
import type { NormalisedCharges, WaferData } from '@hep/datasets';
import { CONDITIONS_INPUT } from '@hep/ecoder-models';
import type { EcoderModel } from '@hep/ecoder-models';
import type { Dataset } from '@hep/engine';
import { imageFromCharges, TRIGGER_CELLS } from '@hep/hgcal-geometry';
import type { Arrangement } from '@hep/hgcal-geometry';
import { UserError } from '@hep/options';
import { basename, dirname, resolve } from 'node:path';
import type { TrainOptions } from './options.ts';

/** Input of every autoencoder. */
export const IMAGE = 'input_1';

/** One part of the data: modules and what normalisation took out of them. */
export interface Part extends NormalisedCharges<Float32Array<ArrayBuffer>> {
  readonly wafers: WaferData;
}

/** Modules of a run, in the two parts that it needs. */
export interface Samples {
  /** True for generated modules: scores on them say nothing about the detector. */
  readonly isSynthetic: boolean;
  readonly train: Part;
  readonly validation: Part;
  /** Training weight of each training module, where asked for. */
  readonly weights: Float32Array | null;
}

/**
 * Loads and splits the data on which `models` are trained.
 * @throws UserError for files or cuts that leave nothing to train on, or that lack what a network must know
 */
export async function loadSamples(
  options: TrainOptions,
  models: readonly EcoderModel[],
  notice: (text: string) => void,
): Promise<Samples> {
  checkElinks(options);
  const wafers = await modulesOf(options, notice);
  if (models.some(({ conditions }) => conditions > 0)) requireConditions(wafers);
  const seed = dataSeedOf(options);
  const { train, validation } =
    options.split === 'first'
      ? splitFirst(wafers.rows, options.validationFraction)
      : splitShuffled(wafers.rows, seed, options.validationFraction);
  if (validation.length === 0) {
    throw new UserError(
      `${wafers.rows} modules leave none for validation at --validation-fraction ${options.validationFraction}; ` +
        'give more data or a larger fraction',
    );
  }
  // Mixed after the split: a module that is repeated must not be on both sides.
  const side = (rows: Int32Array, stream: number): WaferData => {
    const selected = selectWafers(wafers, rows);
    if (options.biased === undefined) return selected;
    return selectWafers(selected, mixOf(selected, options.biased, createGenerator(seed, stream)));
  };
  const part = (data: WaferData): Part => ({ wafers: data, ...normalise(data.charges, options.normalise) });
  const trainWafers = side(train, 1);
  return {
    isSynthetic: options.input.length === 0,
    train: part(trainWafers),
    validation: part(side(validation, 2)),
    weights: options.weight === 'none' ? null : Float32Array.from(sampleWeights(trainWafers, options.weight)),
  };
}

/** @throws UserError when a batch is larger than the training part */
export function requireBatch({ batchSize }: TrainOptions, { train }: Samples): void {
  const { rows } = train.wafers;
  if (batchSize <= rows) return;
  throw new UserError(
    `option --batch-size: ${batchSize} is larger than the ${rows} training modules; ` +
      `choose at most ${rows}, or give more data`,
  );
}

/** Seed of everything that decides over the data. */
export function dataSeedOf({ dataSeed, seed }: TrainOptions): number {
  return dataSeed ?? seed;
}

async function modulesOf(options: TrainOptions, notice: (text: string) => void): Promise<WaferData> {
  const all: WaferData =
    options.input.length === 0
      ? generateToy({ rows: options.toyRows, seed: dataSeedOf(options) })
      : await loadWafers(options.input, {
          rowsPerFile: options.rowsPerFile,
          header: options.header,
          columns: parseColumnMap(options.columns),
          double: options.double,
          maskPartials: options.maskPartials,
          maskEnergies: options.maskEnergies,
          onWarning: notice,
        });
  return options.selectLayers ? selectWafers(all, rowsOfElinks(all, options.nElinks)) : all;
}

/** An input made for another number of eLinks would train a network for the wrong bandwidth. */
function checkElinks({ input, nElinks, overrideInput }: TrainOptions): void {
  if (overrideInput) return;
  for (const path of input) {
    const absolute = resolve(path);
    for (const folder of [basename(absolute), ...parents(absolute)]) {
      const named = /nElinks_(\d+)/i.exec(folder)?.[1];
      if (named === undefined || Number(named) === nElinks) continue;
      throw new UserError(
        `input ${path}: its path says ${named} eLinks, but --n-elinks is ${nElinks}; ` +
          `use --n-elinks ${named}, or --override-input to train on it all the same`,
      );
    }
  }
}

function parents(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [] : [basename(parent), ...parents(parent)];
}

/** Inputs of a network's autoencoder as columns: images, and conditions where it has some. */
export function inputColumns(part: Part, { arrangement, conditions }: EcoderModel): Dataset['columns'] {
  return {
    [IMAGE]: imageColumn(part, arrangement),
    ...(conditions === 0
      ? {}
      : { [CONDITIONS_INPUT]: { rowShape: [CONDITIONS], values: conditionsOf(part.wafers) } }),
  };
}

/** [rows, ...image shape], in memory that worker threads share */
function imageColumn(part: Part, arrangement: Arrangement): Dataset['columns'][string] {
  const pixels = arrangement.cells.length;
  const values = new Float32Array(new SharedArrayBuffer(4 * part.wafers.rows * pixels));
  const rowsAtOnce = 4096;
  for (let row = 0; row < part.wafers.rows; row += rowsAtOnce) {
    const end = Math.min(part.wafers.rows, row + rowsAtOnce);
    const images = imageFromCharges(
      arrangement,
      part.fractions.subarray(row * TRIGGER_CELLS, end * TRIGGER_CELLS),
    );
    values.set(images, row * pixels);
  }
  return { rowShape: arrangement.shape, values };
}
