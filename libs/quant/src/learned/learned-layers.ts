/** Layers with learned bits for input, kernel and bias, which report the effective bit operations of their products. */
import { tf } from '@hep/graph';
import { conv2d, dense, inference, kerasLayer, onlyShape } from '@hep/nn';
import type {
  Conv2dOptions,
  DenseOptions,
  Layer,
  ParameterSpec,
  Parameters,
  Shape,
  WeightedOptions,
} from '@hep/nn';
import { qConv2d } from '../layers/qconv2d.ts';
import { qDense } from '../layers/qdense.ts';
import type { QuantisedOptions } from '../layers/quantised-weights.ts';
import { learnedQuantiser } from './learned-quantiser.ts';
import type { LearnedQuantiser } from './learned-quantiser.ts';
import { learnedDefaults } from './learned-settings.ts';
import type { LearnedSettings } from './learned-settings.ts';

/** Kind of the cost that layers report: effective bit operations, after HGQ. */
export const EBOPS = 'ebops';

/** Options of a layer with learned bits; what is left out is as in HGQ. */
export interface LearnedOptions extends Pick<WeightedOptions, 'useBias' | 'kernelInitialiser'> {
  /** Quantiser of what comes in; its bits are part of the cost. */
  readonly input?: LearnedSettings;
  readonly kernel?: LearnedSettings;
  readonly bias?: LearnedSettings;
}

/** Options of `learnedDense`. */
export type LearnedDenseOptions = LearnedOptions & Pick<DenseOptions, 'name' | 'units'>;

/** Options of `learnedConv2d`. */
export interface LearnedConv2dOptions
  extends LearnedOptions, Pick<Conv2dOptions, 'name' | 'filters' | 'kernelSize' | 'strides' | 'padding'> {
  /** Pixels for which a bias is counted: HGQ counts those of the input (default), additions happen in the output. */
  readonly biasCost?: 'input' | 'output';
}

/** A layer with its quantisers. */
export interface LearnedLayer extends Layer {
  readonly quantisers: Readonly<Record<'input' | 'kernel' | 'bias', LearnedQuantiser>>;
  readonly useBias: boolean;
  /** The same operation without quantisers. */
  readonly plain: Layer;
  /** Effective bit operations for inputs of a shape without a batch axis, differentiable in the bits. */
  ebops(parameters: Parameters, inputShape: Shape): tf.Scalar;
  /** The same operation as a layer of QKeras. */
  inQkeras(options: QuantisedOptions): Layer;
}

/** Whether a layer has learned bits. */
export function isLearned(layer: Layer): layer is LearnedLayer {
  return 'quantisers' in layer;
}

/** `kq(kernel)^T iq(x) + bq(bias)` with quantisers iq, kq, bq: [B, ..., F] -> [B, ..., units]; kernel [F, units]. */
export function learnedDense(options: LearnedDenseOptions): LearnedLayer {
  const { name, units } = options;
  return learnedLayer('LearnedDense', options, {
    plain: (weighted) => dense({ ...weighted, name, units }),
    inQkeras: (quantised) => qDense({ ...quantised, name, units }),
    biasUses: () => units,
  });
}

/** Convolution with learned bits: images [B, H, W, C] -> [B, H', W', filters]; kernel [kh, kw, C, filters]. */
export function learnedConv2d(options: LearnedConv2dOptions): LearnedLayer {
  const { name, filters, kernelSize, strides, padding, biasCost = 'input' } = options;
  const window = { name, filters, kernelSize, strides, padding };
  return learnedLayer('LearnedConv2D', options, {
    plain: (weighted) => conv2d({ ...weighted, ...window }),
    inQkeras: (quantised) => qConv2d({ ...quantised, ...window }),
    biasUses: (input, output) => {
      const [height, width] = biasCost === 'input' ? input : output;
      return height * width * filters;
    },
  });
}

/** An operation with a kernel, in its forms. */
interface Operation {
  plain(options: WeightedOptions): Layer;
  inQkeras(options: QuantisedOptions): Layer;
  /** Additions of a bias that count, from the shapes of input and result. */
  biasUses(input: Shape, output: Shape): number;
}

function learnedLayer(
  className: string,
  options: LearnedOptions & { readonly name: string },
  operation: Operation,
): LearnedLayer {
  const { name, useBias = true, kernelInitialiser } = options;
  const quantisers = {
    input: learnedQuantiser('input', options.input ?? learnedDefaults.activation),
    kernel: learnedQuantiser('kernel', options.kernel ?? learnedDefaults.kernel),
    bias: learnedQuantiser('bias', options.bias ?? learnedDefaults.bias),
  };
  const plain = operation.plain({ useBias, kernelInitialiser });
  const products = operation.plain({ useBias: false });
  const ebops = (parameters: Parameters, inputShape: Shape): tf.Scalar => {
    const [input, kernel] = [quantisers.input, quantisers.kernel].map((q) => q.widths(parameters).bits);
    const pixels = spread(input, [1, ...inputShape]);
    const weights = spread(kernel, parameters['kernel'].shape);
    const operations: tf.Scalar = tf.sum(products.apply({ kernel: weights }, [pixels], inference()));
    if (!useBias) return operations;
    const uses = operation.biasUses(inputShape, plain.outputShape([inputShape]));
    return tf.add(operations, tf.mul(tf.mean<tf.Scalar>(quantisers.bias.widths(parameters).bits), uses));
  };
  return {
    name,
    plain,
    quantisers,
    useBias,
    ebops,
    inQkeras: (quantised) => operation.inQkeras(quantised),
    outputShape: (inputShapes) => plain.outputShape(inputShapes),
    parameters: (inputShapes): ParameterSpec[] => {
      const weights = plain.parameters(inputShapes);
      const bits = weights.flatMap(({ name: weight, shape }) =>
        quantisers[weight as 'kernel' | 'bias'].parameters(shape),
      );
      return [...weights, ...quantisers.input.parameters(onlyShape(name, inputShapes)), ...bits];
    },
    apply: (parameters, [x], context) => {
      const quantise = (weight: 'kernel' | 'bias') =>
        quantisers[weight].apply(parameters, parameters[weight], context);
      const weights = { kernel: quantise('kernel'), ...(useBias ? { bias: quantise('bias') } : {}) };
      const given = quantisers.input.apply(parameters, x, context);
      context.addCost(EBOPS, ebops(parameters, x.shape.slice(1)));
      return plain.apply(weights, [given], context);
    },
    kerasConfig: () => ({ ...kerasLayer(className, name, plain.kerasConfig().config), isCustom: true }),
  };
}

/** Bits of groups as bits of each element. */
function spread(bits: tf.Tensor, shape: readonly number[]): tf.Tensor {
  return tf.add(tf.zeros([...shape]), bits);
}
