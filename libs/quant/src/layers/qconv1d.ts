import { conv1d } from '@hep/nn';
import type { Conv1dOptions, Layer } from '@hep/nn';
import { quantisedLayer } from './quantised-weights.ts';
import type { QuantisedOptions } from './quantised-weights.ts';

/** Options of `qConv1d`. */
export type QConv1dOptions = QuantisedOptions &
  Pick<Conv1dOptions, 'name' | 'filters' | 'kernelSize' | 'strides' | 'padding'>;

/**
 * Convolution with quantised kernel [size, C, filters] and bias, then an optional quantiser of the result:
 * sequences [B, T, C] -> [B, T', filters]. QKeras' QConv1D.
 * @throws UserError when a text describes no quantiser
 */
export function qConv1d(options: QConv1dOptions): Layer {
  const { name, filters, kernelSize, strides, padding } = options;
  const plain = { name, filters, kernelSize, strides, padding };
  return quantisedLayer('QConv1D', (weighted) => conv1d({ ...weighted, ...plain }), options);
}
