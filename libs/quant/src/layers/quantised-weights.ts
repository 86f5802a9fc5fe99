/** What quantised layers with a kernel and a bias share. */
import { heNormal, clip } from '@hep/nn';
import type { Constraint, Initialiser, KerasLayer, Layer, WeightedOptions } from '@hep/nn';
import { kerasQuantiser } from '../keras.ts';
import { parseQuantiser, printQuantiser } from '../notation.ts';
import { forKernel } from '../quantiser.ts';
import type { Quantiser } from '../quantiser.ts';
import { withinQuantiser } from './quantiser-initialiser.ts';

/** A quantiser or its text. */
export type QuantiserLike = Quantiser | string;

/** Options of a quantised layer; what is left out is as in QKeras, also that nothing is quantised. */
export interface QuantisedOptions extends Omit<WeightedOptions, 'activation'> {
  /** Quantiser of the result; default: none. */
  readonly activation?: QuantiserLike;
  /** Without a scale (`alpha`) it measures a power of two. */
  readonly kernelQuantiser?: QuantiserLike;
  readonly biasQuantiser?: QuantiserLike;
}

/** The quantiser that a text describes. */
export function resolveQuantiser(given: QuantiserLike): Quantiser {
  return typeof given === 'string' ? parseQuantiser(given) : given;
}

/**
 * A layer on quantised parameters. The parameters themselves stay float32, as the optimiser needs them, and are clipped
 * to the quantisers' bounds after every update. A kernel starts as He and colleagues, within those bounds.
 * @param className class in QKeras
 * @param plain the layer without quantisers
 */
export function quantisedLayer<Options extends QuantisedOptions>(
  className: string,
  plain: (options: WeightedOptions) => Layer,
  options: Options,
): Layer {
  const kernel = options.kernelQuantiser && forKernel(resolveQuantiser(options.kernelQuantiser));
  const bias = options.biasQuantiser && resolveQuantiser(options.biasQuantiser);
  const activation = options.activation && resolveQuantiser(options.activation);
  const layer = plain({
    useBias: options.useBias,
    kernelRegulariser: options.kernelRegulariser,
    biasRegulariser: options.biasRegulariser,
    kernelInitialiser: initialiserOf(options.kernelInitialiser ?? heNormal, kernel),
    biasInitialiser: options.biasInitialiser && initialiserOf(options.biasInitialiser, bias),
    kernelConstraint: options.kernelConstraint ?? constraintOf(kernel),
    biasConstraint: options.biasConstraint ?? constraintOf(bias),
  });
  return {
    ...layer,
    apply: (parameters, inputs, context) => {
      const quantised = { ...parameters };
      if (kernel) quantised['kernel'] = kernel.apply(parameters['kernel']);
      if (bias && options.useBias !== false) quantised['bias'] = bias.apply(parameters['bias']);
      const sums = layer.apply(quantised, inputs, context);
      return activation ? activation.apply(sums) : sums;
    },
    kerasConfig: (): KerasLayer => ({
      className,
      isCustom: true,
      config: {
        ...layer.kerasConfig().config,
        activation: activation ? printQuantiser(activation.config) : 'linear',
        kernel_quantizer: kernel ? kerasQuantiser(kernel.config) : null,
        bias_quantizer: bias ? kerasQuantiser(bias.config) : null,
        kernel_range: null,
        bias_range: null,
      },
    }),
  };
}

/** Clips to the larger bound on both sides, at least 1. */
export function constraintOf(quantiser: Quantiser | '' | undefined): Constraint | undefined {
  if (!quantiser) return undefined;
  const bound = Math.max(1, quantiser.maximum);
  const constraint = clip(-bound, bound);
  return { ...constraint, keras: { ...constraint.keras, module: 'qkeras.qlayers' } };
}

/** Automatic scales fit any kernel, so they need no other start. */
export function initialiserOf(base: Initialiser, quantiser: Quantiser | '' | undefined): Initialiser {
  if (!quantiser || ['Zeros', 'Ones', 'QInitializer'].includes(base.keras.class_name)) return base;
  const { config } = quantiser;
  return 'alpha' in config && typeof config.alpha === 'string' ? base : withinQuantiser(base, quantiser);
}
