/** Training weights of modules (Ecoder spec, section 13.3). */
import { UserError } from '@hep/options';
import type { WaferData } from '../wafers/wafer-data.ts';
import { normalise, occupancy, toMipT } from './normalise.ts';

/**
 * `none`: 1; `sum2`: square of the leading power of two of the sum in MIP_T; `eta`: |tc_eta|; `occ`: one over the
 * number of modules of like occupancy, times the same for the largest charge.
 */
export type WeightKind = 'none' | 'sum2' | 'eta' | 'occ';

/** Weights of all modules, [rows]. Throws UserError for `eta` without a column tc_eta. */
export function sampleWeights(data: WaferData, kind: WeightKind): Float64Array<ArrayBuffer> {
  switch (kind) {
    case 'none':
      return new Float64Array(data.rows).fill(1);
    case 'sum2':
      return toMipT(normalise(data.charges, 'power-of-two').powers).map((power) => power * power);
    case 'eta': {
      const eta = data.side.get('tc_eta');
      if (eta === undefined)
        throw new UserError('weight eta: the input has no column tc_eta, expected it for this weight');
      return eta.map(Math.abs);
    }
    case 'occ': {
      const { maxima } = normalise(data.charges, 'sum');
      const byMaximum = inverseFrequency(toMipT(maxima));
      return inverseFrequency(occupancy(data.charges)).map((weight, row) => weight * byMaximum[row]);
    }
  }
}

/**
 * One over the content of each value's bin in a histogram of all values; values outside count in the first and last
 * bin. Bins are [low, high) of equal width.
 */
export function inverseFrequency(
  values: ArrayLike<number>,
  { bins = 50, low = 0, high = 50 } = {},
): Float64Array<ArrayBuffer> {
  const binOf = (value: number) =>
    Math.min(bins - 1, Math.max(0, Math.floor(((value - low) * bins) / (high - low))));
  const contents = new Float64Array(bins);
  for (let i = 0; i < values.length; i++) contents[binOf(values[i])]++;
  return Float64Array.from({ length: values.length }, (_, i) => 1 / contents[binOf(values[i])]);
}
