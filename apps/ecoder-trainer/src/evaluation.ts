/** Decoded modules and their distance to the input. */
import { CALQ_PER_MIP_T, occupancy, restore } from '@hep/datasets';
import type { EcoderModel } from '@hep/ecoder-models';
import { CompiledFunction } from '@hep/engine';
import type { Dataset } from '@hep/engine';
import type { Signature, ValueType } from '@hep/graph';
import { chargesFromImage, hideMaskedPixels, triggerCellDistances, TRIGGER_CELLS } from '@hep/hgcal-geometry';
import { predict, sizeOf, withinPath } from '@hep/nn';
import type { Weights } from '@hep/nn';
import { emdBatchParallel } from '@hep/optimal-transport';
import { availableParallelism } from 'node:os';
import type { TrainOptions } from './options.ts';
import { IMAGE } from './samples.ts';
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
  /** |eta| of the module, [rows]; null where the data does not have it. */
  readonly absoluteEta: Float64Array | null;
}

const ROWS_AT_ONCE = 4096;

/**
 * Runs encoder and decoder on the validation modules and measures every one.
 * @param columns with the inputs of the autoencoder, see `inputColumns`
 */
export async function evaluate(
  model: EcoderModel,
  weights: Weights,
  part: Part,
  columns: Dataset['columns'],
  options: Pick<TrainOptions, 'normalise' | 'restore'>,
): Promise<Evaluation> {
  const { rows } = part.wafers;
  const inputs = Object.fromEntries(
    Object.keys(model.autoencoder.inputs).map((name) => [name, columns[name]]),
  );
  const { latent, latentSize, decoded } = await decode(model, weights, inputs, rows);
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
    absoluteEta: part.wafers.side.get('tc_eta')?.map(Math.abs) ?? null,
  };
}

async function decode(
  { encoder, autoencoder, arrangement }: EcoderModel,
  weights: Weights,
  inputs: Dataset['columns'],
  rows: number,
): Promise<{ latent: Float32Array; latentSize: number; decoded: Float32Array<ArrayBuffer> }> {
  const pixels = arrangement.cells.length;
  const [{ shape: latentShape }] = encoder.network.outputs;
  const latentSize = latentShape[0];
  const run = await CompiledFunction.create(
    (operands) => {
      const image = { [IMAGE]: operands[IMAGE] };
      const [latent] = Object.values(predict(encoder, withinPath(operands, 'encoder'), image));
      const [decoded] = Object.values(predict(autoencoder, operands, operands));
      return { latent, decoded };
    },
    signatureOf(weights, inputs),
  );
  try {
    const decoded = new Float32Array(rows * pixels);
    const latent = new Float32Array(rows * latentSize);
    for (let row = 0; row < rows; row += ROWS_AT_ONCE) {
      const end = Math.min(rows, row + ROWS_AT_ONCE);
      const results = await run.run({ ...weights, ...rowsOf(inputs, row, end) });
      latent.set(results['latent'].values, row * latentSize);
      decoded.set(results['decoded'].values, row * pixels);
    }
    return { latent, latentSize, decoded };
  } finally {
    await run.close();
  }
}

function signatureOf(weights: Weights, columns: Dataset['columns']): Signature {
  const float = (shape: ValueType['shape']): ValueType => ({ shape, dtype: 'float32' });
  return {
    ...Object.fromEntries(Object.entries(weights).map(([name, { shape }]) => [name, float(shape)])),
    ...Object.fromEntries(
      Object.entries(columns).map(([name, { rowShape }]) => [name, float([{ batch: 1 }, ...rowShape])]),
    ),
  };
}

/** Rows `start` to `end` (exclusive) of every column. */
function rowsOf(columns: Dataset['columns'], start: number, end: number) {
  return Object.fromEntries(
    Object.entries(columns).map(([name, { rowShape, values }]) => {
      const size = sizeOf(rowShape);
      return [name, { shape: [end - start, ...rowShape], values: values.slice(start * size, end * size) }];
    }),
  );
}
