import { conv2d } from '@hep/nn';
import type { Conv2dOptions, Layer } from '@hep/nn';
import { quantisedLayer } from './quantised-weights.ts';
import type { QuantisedOptions } from './quantised-weights.ts';

/** Options of `qConv2d`. */
export type QConv2dOptions = QuantisedOptions &
  Pick<Conv2dOptions, 'name' | 'filters' | 'kernelSize' | 'strides' | 'padding'>;

/**
 * Convolution with quantised kernel [kh, kw, C, filters] and bias, then an optional quantiser of the result:
 * images [B, H, W, C] -> [B, H', W', filters]. QKeras' QConv2D.
 * @throws UserError when a text describes no quantiser
 */
export function qConv2d(options: QConv2dOptions): Layer {
  const { name, filters, kernelSize, strides, padding } = options;
  const plain = { name, filters, kernelSize, strides, padding };
  return quantisedLayer('QConv2D', (weighted) => conv2d({ ...weighted, ...plain }), options);
}
