/** Decoded modules and their distance to the input. */
import { CALQ_PER_MIP_T, occupancy, restore } from '@hep/datasets';
import type { EcoderModel } from '@hep/ecoder-models';
import { CompiledFunction } from '@hep/engine';
import { chargesFromImage, hideMaskedPixels, triggerCellDistances, TRIGGER_CELLS } from '@hep/hgcal-geometry';
import { predict, withinPath } from '@hep/nn';
import type { Weights } from '@hep/nn';
import { emdBatchParallel } from '@hep/optimal-transport';
import { availableParallelism } from 'node:os';
import type { TrainOptions } from './options.ts';
import type { Part } from './samples.ts';

/** What the network made of the validation modules; every array has one entry or row for each. */
export interface Evaluation {
  readonly rows: number;
  /** Encoder outputs, [rows, latentSize]. */
  readonly latent: Float32Array;
  readonly latentSize: number;
  /** Decoder outputs with hidden pixels at zero, [rows, pixels]. */
  readonly decodedImage: Float32Array;
  /** Decoder outputs by trigger cell, [rows, 48]; still normalised. */
  readonly decodedFractions: Float32Array;
  /** Input and decoded charges in MIP_T, [rows, 48]. */
  readonly inputMipT: Float32Array;
  readonly decodedMipT: Float32Array;
  /** Exact earth mover's distance in units of a sensor cell, [rows]; -1 or -0.5 where one side is empty. */
  readonly emd: Float64Array;
  /** Cells above 1 MIP_T in the input, [rows]. */
  readonly occupancy: Int32Array;
  /** What the input was divided by, in MIP_T, [rows]. */
  readonly scaleMipT: Float64Array;
  /** Largest input charge in MIP_T, [rows]. */
  readonly maximumMipT: Float64Array;
}

const ROWS_AT_ONCE = 4096;

/** Runs encoder and decoder on the validation images and measures every module. */
export async function evaluate(
  model: EcoderModel,
  weights: Weights,
  part: Part,
  images: Float32Array,
  options: Pick<TrainOptions, 'normalise' | 'restore'>,
): Promise<Evaluation> {
  const { rows } = part.wafers;
  const { latent, latentSize, decoded } = await decode(model, weights, images, rows);
  hideMaskedPixels(model.arrangement, decoded);
  const decodedFractions = chargesFromImage(model.arrangement, decoded);
  const counts = { 'power-of-two': part.powers, maximum: part.maxima, sum: part.sums };
  const inMipT = (values: Float64Array) => values.map((value) => value / CALQ_PER_MIP_T);
  const inputMipT = part.wafers.charges.map((charge) => charge / CALQ_PER_MIP_T);
  const decodedMipT = restore(decodedFractions, inMipT(counts[options.restore]), options.restore);
  return {
    rows,
    latent,
    latentSize,
    decodedImage: decoded,
    decodedFractions,
    inputMipT,
    decodedMipT,
    emd: await emdBatchParallel(triggerCellDistances(), TRIGGER_CELLS, inputMipT, decodedMipT, {
      threads: availableParallelism(),
    }),
    occupancy: occupancy(part.wafers.charges),
    scaleMipT: inMipT(counts[options.normalise]),
    maximumMipT: inMipT(part.maxima),
  };
}

async function decode(
  model: EcoderModel,
  weights: Weights,
  images: Float32Array,
  rows: number,
): Promise<{ latent: Float32Array; latentSize: number; decoded: Float32Array<ArrayBuffer> }> {
  const { encoder, decoder, arrangement } = model;
  const pixels = arrangement.cells.length;
  const state = Object.fromEntries(
    Object.entries(weights).map(([name, { shape }]) => [
      name,
      { shape: [...shape], dtype: 'float32' as const },
    ]),
  );
  const compiled = await CompiledFunction.create(
    ({ image, ...parameters }) => {
      const [latent] = Object.values(predict(encoder, withinPath(parameters, 'encoder'), { input_1: image }));
      const [decoded] = Object.values(
        predict(decoder, withinPath(parameters, 'decoder'), { decoder_input: latent }),
      );
      return { latent, decoded };
    },
    { ...state, image: { shape: [{ batch: 1 }, ...arrangement.shape], dtype: 'float32' } },
  );
  try {
    const decoded = new Float32Array(rows * pixels);
    let latent = new Float32Array(0);
    let latentSize = 0;
    for (let row = 0; row < rows; row += ROWS_AT_ONCE) {
      const end = Math.min(rows, row + ROWS_AT_ONCE);
      const image = {
        shape: [end - row, ...arrangement.shape],
        values: images.slice(row * pixels, end * pixels),
      };
      const results = await compiled.run({ ...weights, image });
      if (row === 0) {
        latentSize = results['latent'].shape[1];
        latent = new Float32Array(rows * latentSize);
      }
      latent.set(results['latent'].values, row * latentSize);
      decoded.set(results['decoded'].values, row * pixels);
    }
    return { latent, latentSize, decoded };
  } finally {
    await compiled.close();
  }
}
