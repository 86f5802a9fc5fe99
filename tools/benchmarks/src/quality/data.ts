/** The modules that both sides train on, and how far decoded ones are from them. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { generateToy, normalise, splitFirst, writeToy } from '@hep/datasets';
import {
  arrangements,
  chargesFromImage,
  hideMaskedPixels,
  imageFromCharges,
  triggerCellDistances,
  TRIGGER_CELLS,
} from '@hep/hgcal-geometry';
import { emdBatchParallel } from '@hep/optimal-transport';
import { writeNpy } from '../npy.ts';

export const arrangement = arrangements['8x8'];
const PIXELS = arrangement.cells.length;
const DATA_SEED = 1;

/** One data set in the form that each side reads. The first fifth of the rows is for validation. */
export interface QualityData {
  readonly csv: string;
  readonly trainNpy: string;
  readonly validationNpy: string;
  /** Images of the validation modules, [rows, 8, 8, 1]. */
  readonly validation: Float32Array;
  readonly validationRows: number;
}

/** Writes synthetic modules to `folder`. */
export async function writeData(folder: string, rows: number): Promise<QualityData> {
  mkdirSync(folder, { recursive: true });
  const request = { rows, seed: DATA_SEED };
  const csv = join(folder, 'toy.csv');
  await writeToy(csv, request);
  const { fractions } = normalise(generateToy(request).charges, 'power-of-two');
  const images = imageFromCharges(arrangement, fractions);
  const validationRows = splitFirst(rows, 0.2).validation.length;
  const validation = images.slice(0, validationRows * PIXELS);
  const paths = { trainNpy: join(folder, 'train.npy'), validationNpy: join(folder, 'validation.npy') };
  writeNpy(paths.validationNpy, validation, [validationRows, ...arrangement.shape]);
  writeNpy(paths.trainNpy, images.slice(validationRows * PIXELS), [
    rows - validationRows,
    ...arrangement.shape,
  ]);
  return { csv, ...paths, validation, validationRows };
}

/** Mean exact EMD of decoded images [rows, 8, 8, 1], in sensor cells. */
export async function meanEmd(validation: Float32Array, decoded: Float32Array): Promise<number> {
  const shown = Float32Array.from(decoded);
  hideMaskedPixels(arrangement, shown);
  const distances = await emdBatchParallel(
    triggerCellDistances(),
    TRIGGER_CELLS,
    chargesFromImage(arrangement, validation),
    chargesFromImage(arrangement, shown),
    { threads: 1 },
  );
  return distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
}
