/**
 * The encoder on integers: convolution 3x3 with stride 2, ReLU, dense layer, ReLU. Inputs, weights and outputs are the
 * chip's; how it rounds in between is not public, so that is a choice here (specification of the chip, section 9.4).
 */
import { arrangements, imageFromCharges, LATENT_SIZE, TRIGGER_CELLS } from '@hep/hgcal-geometry';
import { crossingsOf } from '../channels.ts';
import { WEIGHT_FRACTION_BITS } from './chip-weights.ts';
import type { ChipWeights } from './chip-weights.ts';
import { INPUT_FRACTION_BITS } from './converter.ts';

/** What happens to the bits below the last one that is kept. */
export type Rounding = 'truncate' | 'half-even';

/** What happens to numbers beyond those that the bits can hold. */
export type Overflow = 'saturate' | 'wrap';

/** What is not known of the chip. */
export interface ChipEncoderOptions {
  /** Of the outputs. Default `truncate`. */
  readonly rounding?: Rounding;
  /** Of the outputs. Default `saturate`. */
  readonly overflow?: Overflow;
}

const SIDE = 8;
const PIXELS = SIDE * SIDE;
const FILTERS = 8;
const OUTPUT_SIDE = SIDE / 2;
const FEATURES = OUTPUT_SIDE * OUTPUT_SIDE * FILTERS;
/** The features are `quantized_relu(11, 3)`: 8 fraction bits, at most 8 - 2^-8. */
const FEATURE_FRACTION_BITS = 8;
const LARGEST_FEATURE = 2 ** 11 - 1;
const FEATURE_SHIFT = INPUT_FRACTION_BITS + WEIGHT_FRACTION_BITS - FEATURE_FRACTION_BITS;
/** The outputs have as many fraction bits as the features. */
const OUTPUT_SHIFT = WEIGHT_FRACTION_BITS;
const LARGEST_OUTPUT = 2 ** 9 - 1;

/**
 * Raw latent numbers in units of 2^-8, [crossings, 16].
 * @param inputs normalised charges in units of 2^-7 in the order of trigger cells, [crossings, 48]
 */
export function chipEncoder(
  weights: ChipWeights,
  { rounding = 'truncate', overflow = 'saturate' }: ChipEncoderOptions = {},
): (inputs: Uint8Array) => Uint16Array {
  const output = (sum: number) => {
    const value = Math.max(0, shiftRight(sum, OUTPUT_SHIFT, rounding));
    return overflow === 'wrap' ? value & LARGEST_OUTPUT : Math.min(value, LARGEST_OUTPUT);
  };
  return (inputs) => {
    const crossings = crossingsOf(inputs, TRIGGER_CELLS, 'inputs');
    const latent = new Uint16Array(crossings * LATENT_SIZE);
    const images = imageFromCharges(arrangements['8x8'], new Float32Array(inputs));
    const features = new Int32Array(FEATURES);
    const sums = new Int32Array(LATENT_SIZE);
    for (let row = 0; row < crossings; row++) {
      convolve(images.subarray(row * PIXELS, (row + 1) * PIXELS), weights, features);
      sumDense(features, weights, sums);
      for (let k = 0; k < LATENT_SIZE; k++) latent[row * LATENT_SIZE + k] = output(sums[k]);
    }
    return latent;
  };
}

/** Feature map [4, 4, 8] of an image [8, 8] in units of 2^-8; a row and a column of zeros follow the image. */
function convolve(image: Float32Array, { convKernel, convBias }: ChipWeights, features: Int32Array): void {
  for (let place = 0; place < OUTPUT_SIDE * OUTPUT_SIDE; place++) {
    const top = 2 * Math.floor(place / OUTPUT_SIDE);
    const left = 2 * (place % OUTPUT_SIDE);
    for (let filter = 0; filter < FILTERS; filter++) {
      let sum = convBias[filter] << INPUT_FRACTION_BITS;
      for (let i = 0; i < 3 && top + i < SIDE; i++) {
        for (let j = 0; j < 3 && left + j < SIDE; j++) {
          sum += image[SIDE * (top + i) + left + j] * convKernel[FILTERS * (3 * i + j) + filter];
        }
      }
      const feature = Math.max(0, shiftRight(sum, FEATURE_SHIFT, 'half-even'));
      features[FILTERS * place + filter] = Math.min(feature, LARGEST_FEATURE);
    }
  }
}

/** Sums of the dense layer in units of 2^-13. */
function sumDense(features: Int32Array, { denseKernel, denseBias }: ChipWeights, sums: Int32Array): void {
  for (let k = 0; k < LATENT_SIZE; k++) sums[k] = denseBias[k] << FEATURE_FRACTION_BITS;
  for (let i = 0; i < FEATURES; i++) {
    const feature = features[i];
    if (feature === 0) continue;
    for (let k = 0; k < LATENT_SIZE; k++) sums[k] += feature * denseKernel[LATENT_SIZE * i + k];
  }
}

/** `value / 2^bits` as an integer. */
function shiftRight(value: number, bits: number, rounding: Rounding): number {
  const below = value >> bits;
  if (rounding === 'truncate') return below;
  const rest = value & ((1 << bits) - 1);
  const half = 1 << (bits - 1);
  return rest > half || (rest === half && below % 2 !== 0) ? below + 1 : below;
}
