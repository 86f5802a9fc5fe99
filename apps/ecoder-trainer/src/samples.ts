/** From files or the toy generator to normalised modules, split into training and validation. */
import {
  generateToy,
  loadWafers,
  normalise,
  sampleWeights,
  selectWafers,
  splitFirst,
  splitShuffled,
} from '@hep/datasets';
import type { NormalisedCharges, WaferData } from '@hep/datasets';
import type { Dataset } from '@hep/engine';
import { imageFromCharges, TRIGGER_CELLS } from '@hep/hgcal-geometry';
import type { Arrangement } from '@hep/hgcal-geometry';
import { UserError } from '@hep/options';
import { basename, dirname, resolve } from 'node:path';
import type { TrainOptions } from './options.ts';

/** One part of the data: modules and what normalisation took out of them. */
export interface Part extends NormalisedCharges<Float32Array<ArrayBuffer>> {
  readonly wafers: WaferData;
}

export interface Samples {
  /** True for generated modules: scores on them say nothing about the detector. */
  readonly isSynthetic: boolean;
  readonly train: Part;
  readonly validation: Part;
  /** Training weight of each training module, where asked for. */
  readonly weights: Float32Array | null;
}

/** Loads and splits the data of a run. Throws UserError for files or cuts that leave nothing to train on. */
export async function loadSamples(options: TrainOptions, notice: (text: string) => void): Promise<Samples> {
  checkElinks(options);
  const isSynthetic = options.input.length === 0;
  const all: WaferData = isSynthetic
    ? generateToy({ rows: options.toyRows, seed: options.seed })
    : await loadWafers(options.input, {
        rowsPerFile: options.rowsPerFile,
        header: options.header,
        double: options.double,
        maskPartials: options.maskPartials,
        maskEnergies: options.maskEnergies,
        onWarning: notice,
      });
  const { train, validation } =
    options.split === 'first'
      ? splitFirst(all.rows, options.validationFraction)
      : splitShuffled(all.rows, options.seed, options.validationFraction);
  if (validation.length === 0) {
    throw new UserError(
      `${all.rows} modules leave none for validation at --validation-fraction ${options.validationFraction}; ` +
        'give more data or a larger fraction',
    );
  }
  const trainWafers = selectWafers(all, train);
  const part = (wafers: WaferData): Part => ({ wafers, ...normalise(wafers.charges, options.normalise) });
  return {
    isSynthetic,
    train: part(trainWafers),
    validation: part(selectWafers(all, validation)),
    weights: options.weight === 'none' ? null : Float32Array.from(sampleWeights(trainWafers, options.weight)),
  };
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

/** Images of a part as a column that worker threads share, [rows, ...image shape]. */
export function imageColumn(part: Part, arrangement: Arrangement): Dataset['columns'][string] {
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
