/** What layers with a kernel and a bias share. */
import { tf } from '@hep/graph';
import { activate } from '../activations.ts';
import type { ActivationName } from '../activations.ts';
import type { Constraint } from '../constraints.ts';
import { glorotUniform, zeros } from '../initialisers.ts';
import type { Initialiser } from '../initialisers.ts';
import type { PlainData } from '../keras-config.ts';
import type { ParameterSpec, Parameters, Shape } from '../parameters.ts';
import type { Regulariser } from '../regularisers.ts';

/** Options of a layer with a kernel and a bias; defaults are Keras'. */
export interface WeightedOptions {
  readonly activation?: ActivationName;
  readonly useBias?: boolean;
  readonly kernelInitialiser?: Initialiser;
  readonly biasInitialiser?: Initialiser;
  readonly kernelRegulariser?: Regulariser;
  readonly biasRegulariser?: Regulariser;
  readonly kernelConstraint?: Constraint;
  readonly biasConstraint?: Constraint;
}

/** Specifications of `kernel` and `bias`. */
export function weightedParameters(
  options: WeightedOptions,
  kernelShape: Shape,
  units: number,
): ParameterSpec[] {
  const kernel: ParameterSpec = {
    name: 'kernel',
    shape: kernelShape,
    trainable: true,
    initialiser: options.kernelInitialiser ?? glorotUniform,
    regulariser: options.kernelRegulariser,
    constraint: options.kernelConstraint,
  };
  if (options.useBias === false) return [kernel];
  const bias: ParameterSpec = {
    name: 'bias',
    shape: [units],
    trainable: true,
    initialiser: options.biasInitialiser ?? zeros,
    regulariser: options.biasRegulariser,
    constraint: options.biasConstraint,
  };
  return [kernel, bias];
}

/** `activation(sums + bias)`. */
export function biasAndActivation(
  options: WeightedOptions,
  sums: tf.Tensor,
  parameters: Parameters,
): tf.Tensor {
  const shifted = options.useBias === false ? sums : tf.add(sums, parameters['bias']);
  return activate(options.activation ?? 'linear', shifted);
}

/** The common entries of the Keras configuration. */
export function weightedConfig(options: WeightedOptions): Record<string, PlainData> {
  return {
    activation: options.activation ?? 'linear',
    use_bias: options.useBias ?? true,
    kernel_initializer: (options.kernelInitialiser ?? glorotUniform).keras,
    bias_initializer: (options.biasInitialiser ?? zeros).keras,
    kernel_regularizer: options.kernelRegulariser?.keras ?? null,
    bias_regularizer: options.biasRegulariser?.keras ?? null,
    activity_regularizer: null,
    kernel_constraint: options.kernelConstraint?.keras ?? null,
    bias_constraint: options.biasConstraint?.keras ?? null,
  };
}
