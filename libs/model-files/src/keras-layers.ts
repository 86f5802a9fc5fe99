import {
  sources,
  type FunctionalModel,
  type JsonValue,
  type KerasLayerSpec,
  type KerasSource,
  type KerasSubmodelSpec,
} from './keras-layer.ts';

/** Activation functions by their Keras name. */
export type KerasActivation =
  'linear' | 'relu' | 'sigmoid' | 'tanh' | 'softmax' | 'elu' | 'selu' | 'softplus';
type Padding = 'same' | 'valid';
type Pair = number | readonly [number, number];
type LayerConfig = { readonly [key: string]: JsonValue };

const pair = (value: Pair): readonly [number, number] => (typeof value === 'number' ? [value, value] : value);
const initializer = (className: string, config: LayerConfig = {}): JsonValue => ({
  module: 'keras.initializers',
  class_name: className,
  config,
  registered_name: null,
});
const glorotUniform = initializer('GlorotUniform', { seed: null });
const zeros = initializer('Zeros');
const ones = initializer('Ones');

function layer(className: string, name: string, from: KerasSource, config: LayerConfig): KerasLayerSpec {
  return { kind: 'layer', className, name, config, inbound: [sources(from)] };
}

/** Input of the model; `shape` without the batch, for example `[8, 8, 1]`. */
export function inputLayer(name: string, shape: readonly number[]): KerasLayerSpec {
  const config = { batch_input_shape: [null, ...shape], sparse: false };
  return { kind: 'layer', className: 'InputLayer', name, config, inbound: [] };
}

/** A whole model as one layer; it appears in the outer model under its own name. */
export function submodel(model: FunctionalModel, from: KerasSource): KerasSubmodelSpec {
  return { kind: 'model', name: model.name, model, inbound: [sources(from)] };
}

interface Conv2DOptions {
  readonly filters: number;
  readonly kernelSize: Pair;
  readonly strides?: Pair;
  readonly padding?: Padding;
  readonly activation?: KerasActivation;
  readonly useBias?: boolean;
}

function convolution2D(options: Conv2DOptions): LayerConfig {
  return {
    filters: options.filters,
    kernel_size: pair(options.kernelSize),
    strides: pair(options.strides ?? 1),
    padding: options.padding ?? 'valid',
    data_format: 'channels_last',
    dilation_rate: [1, 1],
    activation: options.activation ?? 'linear',
    use_bias: options.useBias ?? true,
    kernel_initializer: glorotUniform,
    bias_initializer: zeros,
  };
}

/** `[batch, h, w, in]` -> `[batch, h', w', filters]`; kernel `[kh, kw, in, filters]`. */
export function conv2d(name: string, from: KerasSource, options: Conv2DOptions): KerasLayerSpec {
  return layer('Conv2D', name, from, convolution2D(options));
}

/** `[batch, h, w, in]` -> `[batch, h', w', filters]`; kernel `[kh, kw, filters, in]`. */
export function conv2dTranspose(name: string, from: KerasSource, options: Conv2DOptions): KerasLayerSpec {
  return layer('Conv2DTranspose', name, from, { ...convolution2D(options), output_padding: null });
}

interface Conv1DOptions extends Omit<Conv2DOptions, 'kernelSize' | 'strides' | 'padding'> {
  readonly kernelSize: number;
  readonly strides?: number;
  readonly padding?: Padding | 'causal';
}

/** `[batch, steps, in]` -> `[batch, steps', filters]`; kernel `[k, in, filters]`. */
export function conv1d(name: string, from: KerasSource, options: Conv1DOptions): KerasLayerSpec {
  return layer('Conv1D', name, from, {
    filters: options.filters,
    kernel_size: [options.kernelSize],
    strides: [options.strides ?? 1],
    padding: options.padding ?? 'valid',
    data_format: 'channels_last',
    dilation_rate: [1],
    activation: options.activation ?? 'linear',
    use_bias: options.useBias ?? true,
    kernel_initializer: glorotUniform,
    bias_initializer: zeros,
  });
}

/** `[batch, in]` -> `[batch, units]`; kernel `[in, units]`. */
export function dense(
  name: string,
  from: KerasSource,
  options: { readonly units: number; readonly activation?: KerasActivation; readonly useBias?: boolean },
): KerasLayerSpec {
  return layer('Dense', name, from, {
    units: options.units,
    activation: options.activation ?? 'linear',
    use_bias: options.useBias ?? true,
    kernel_initializer: glorotUniform,
    bias_initializer: zeros,
  });
}

/** `[batch, ...]` -> `[batch, product]` in C order. */
export function flatten(name: string, from: KerasSource): KerasLayerSpec {
  return layer('Flatten', name, from, { data_format: 'channels_last' });
}

/** `[batch, n]` -> `[batch, ...shape]` in C order. */
export function reshape(name: string, from: KerasSource, shape: readonly number[]): KerasLayerSpec {
  return layer('Reshape', name, from, { target_shape: shape });
}

/** Largest value of each window; strides default to the window. */
export function maxPooling2d(
  name: string,
  from: KerasSource,
  options: { readonly poolSize?: Pair; readonly strides?: Pair; readonly padding?: Padding } = {},
): KerasLayerSpec {
  const poolSize = pair(options.poolSize ?? 2);
  return layer('MaxPooling2D', name, from, {
    pool_size: poolSize,
    padding: options.padding ?? 'valid',
    strides: pair(options.strides ?? poolSize),
    data_format: 'channels_last',
  });
}

/** Repeats rows and columns (nearest neighbour). */
export function upSampling2d(
  name: string,
  from: KerasSource,
  options: { readonly size?: Pair } = {},
): KerasLayerSpec {
  return layer('UpSampling2D', name, from, {
    size: pair(options.size ?? 2),
    data_format: 'channels_last',
    interpolation: 'nearest',
  });
}

/** Applies an activation function element by element. */
export function activation(name: string, from: KerasSource, fn: KerasActivation): KerasLayerSpec {
  return layer('Activation', name, from, { activation: fn });
}

/** Batch normalisation; weights gamma (if `scale`), beta (if `center`), moving mean and variance. */
export function batchNormalization(
  name: string,
  from: KerasSource,
  options: {
    readonly axis?: number;
    readonly momentum?: number;
    readonly epsilon?: number;
    readonly center?: boolean;
    readonly scale?: boolean;
  } = {},
): KerasLayerSpec {
  return layer('BatchNormalization', name, from, {
    axis: options.axis ?? -1,
    momentum: options.momentum ?? 0.99,
    epsilon: options.epsilon ?? 1e-3,
    center: options.center ?? true,
    scale: options.scale ?? true,
    beta_initializer: zeros,
    gamma_initializer: ones,
    moving_mean_initializer: zeros,
    moving_variance_initializer: ones,
  });
}

/** Drops a fraction `rate` of the inputs while training. */
export function dropout(name: string, from: KerasSource, rate: number): KerasLayerSpec {
  return layer('Dropout', name, from, { rate, noise_shape: null, seed: null });
}

/** `[batch, steps, in]` -> `[batch, units]` or `[batch, steps, units]`; gate order i, f, c, o. */
export function lstm(
  name: string,
  from: KerasSource,
  options: {
    readonly units: number;
    readonly activation?: KerasActivation;
    readonly recurrentActivation?: KerasActivation;
    readonly useBias?: boolean;
    readonly returnSequences?: boolean;
    readonly goBackwards?: boolean;
  },
): KerasLayerSpec {
  return layer('LSTM', name, from, {
    return_sequences: options.returnSequences ?? false,
    return_state: false,
    go_backwards: options.goBackwards ?? false,
    stateful: false,
    unroll: false,
    units: options.units,
    activation: options.activation ?? 'tanh',
    recurrent_activation: options.recurrentActivation ?? 'sigmoid',
    use_bias: options.useBias ?? true,
    kernel_initializer: glorotUniform,
    recurrent_initializer: initializer('Orthogonal', { gain: 1, seed: null }),
    bias_initializer: zeros,
    unit_forget_bias: true,
    dropout: 0,
    recurrent_dropout: 0,
  });
}

/** Joins tensors along `axis` (default: the last). */
export function concatenate(name: string, from: KerasSource, axis = -1): KerasLayerSpec {
  return layer('Concatenate', name, from, { axis });
}

/** Softmax along `axis` (default: the last). */
export function softmax(name: string, from: KerasSource, axis = -1): KerasLayerSpec {
  return layer('Softmax', name, from, { axis });
}

/** `max(x, 0)` with the options of the Keras layer. */
export function relu(
  name: string,
  from: KerasSource,
  options: { readonly maxValue?: number; readonly negativeSlope?: number; readonly threshold?: number } = {},
): KerasLayerSpec {
  return layer('ReLU', name, from, {
    max_value: options.maxValue ?? null,
    negative_slope: options.negativeSlope ?? 0,
    threshold: options.threshold ?? 0,
  });
}
