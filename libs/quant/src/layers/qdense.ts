import { dense } from '@hep/nn';
import type { DenseOptions, Layer } from '@hep/nn';
import { quantisedLayer } from './quantised-weights.ts';
import type { QuantisedOptions } from './quantised-weights.ts';

/** Options of `qDense`. */
export type QDenseOptions = QuantisedOptions & Pick<DenseOptions, 'name' | 'units'>;

/**
 * `activation(x . kq(kernel) + bq(bias))` along the last axis, with quantisers kq and bq: [B, ..., F] -> [B, ..., units];
 * kernel [F, units]. QKeras' QDense.
 * @throws UserError when a text describes no quantiser
 */
export function qDense(options: QDenseOptions): Layer {
  const { name, units } = options;
  return quantisedLayer('QDense', (weighted) => dense({ ...weighted, name, units }), options);
}
