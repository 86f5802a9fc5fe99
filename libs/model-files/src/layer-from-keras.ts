import {
  activation,
  batchNormalization,
  concatenate,
  conv1d,
  conv2d,
  conv2dTranspose,
  dense,
  dropout,
  flatten,
  globalAveragePooling1d,
  lstm,
  maxPooling2d,
  reshape,
  takeChannel,
  upSampling2d,
} from '@hep/nn';
import type { ActivationName, Layer, Padding, PlainData } from '@hep/nn';
import { UserError } from '@hep/options';
import { qActivation, qBatchNormalization, qConv1d, qConv2d, qDense } from '@hep/quant';
import { Entries } from './keras-entries.ts';
import type { KerasLayerSpec } from './keras-layer.ts';

const activations: readonly ActivationName[] = ['linear', 'relu', 'sigmoid', 'tanh', 'softmax'];
const padding: readonly Padding[] = ['same', 'valid'];

const activationOf = (entries: Entries) =>
  entries.raw('activation') === null ? 'linear' : entries.oneOf('activation', activations);

const penaltiesOf = (entries: Entries) => ({
  kernelRegulariser: entries.regulariser('kernel_regularizer'),
  biasRegulariser: entries.regulariser('bias_regularizer'),
});

function windowOf(entries: Entries) {
  entries.optional('data_format', ['channels_last']);
  return {
    name: entries.name,
    strides: entries.pair('strides'),
    padding: entries.oneOf('padding', padding),
  };
}

function convolutionOf(entries: Entries) {
  entries.oneOf('dilation_rate', [[1, 1]]);
  return {
    ...windowOf(entries),
    filters: entries.count('filters'),
    kernelSize: entries.pair('kernel_size'),
    useBias: entries.oneOf('use_bias', [true, false]),
  };
}

function sequenceConvolutionOf(entries: Entries) {
  entries.oneOf('dilation_rate', [[1]]);
  entries.optional('groups', [1]);
  entries.optional('data_format', ['channels_last']);
  return {
    name: entries.name,
    strides: entries.counts('strides')[0],
    filters: entries.count('filters'),
    kernelSize: entries.counts('kernel_size')[0],
    useBias: entries.oneOf('use_bias', [true, false]),
  };
}

function normalisationOf(entries: Entries) {
  const number = (value: PlainData) => (typeof value === 'number' && value > 0 ? value : undefined);
  return {
    name: entries.name,
    momentum: entries.take('momentum', 'a positive number', (value) => number(value ?? 0.99)),
    epsilon: entries.take('epsilon', 'a positive number', number),
    center: entries.oneOf('center', [true, false]),
    scale: entries.oneOf('scale', [true, false]),
  };
}

/** The layer, which must be used where `axis` is the last one. */
function ofLastAxis(entries: Entries, layer: Layer): Layer {
  const axis = [entries.raw('axis')].flat()[0];
  return {
    ...layer,
    outputShape: (inputShapes) => {
      const last = inputShapes[0].length;
      if (axis !== -1 && axis !== last) {
        throw new UserError(
          `layer ${entries.name}: axis is ${JSON.stringify(axis)}, expected the last one, ${last}`,
        );
      }
      return layer.outputShape(inputShapes);
    },
  };
}

function recurrentOf(entries: Entries): Layer {
  entries.oneOf('activation', ['tanh']);
  entries.oneOf('recurrent_activation', ['sigmoid']);
  entries.oneOf('use_bias', [true]);
  for (const key of ['return_state', 'go_backwards', 'stateful']) entries.optional(key, [false]);
  for (const key of ['dropout', 'recurrent_dropout']) entries.optional(key, [0]);
  return lstm({
    name: entries.name,
    units: entries.count('units'),
    returnSequences: entries.optional('return_sequences', [false, true]),
    kernelRegulariser: entries.regulariser('kernel_regularizer'),
  });
}

/** The ReLU layer as the activation that it is when nothing else is asked of it. */
function rectifierOf(entries: Entries): Layer {
  entries.optional('max_value', [null]);
  for (const key of ['negative_slope', 'threshold']) entries.optional(key, [0]);
  return activation({ name: entries.name, activation: 'relu' });
}

const rateOf = (entries: Entries): number =>
  entries.take('rate', 'a number from 0 to 1', (value) =>
    value === null ? 0 : typeof value === 'number' && value >= 0 && value < 1 ? value : undefined,
  );

const unitsOf = (entries: Entries) => ({
  name: entries.name,
  units: entries.count('units'),
  useBias: entries.oneOf('use_bias', [true, false]),
});

const quantisersOf = (entries: Entries) => ({
  kernelQuantiser: entries.quantiser('kernel_quantizer'),
  biasQuantiser: entries.quantiser('bias_quantizer'),
  activation: entries.quantiser('activation'),
});

/** Keras layers by class. */
const readers: Readonly<Record<string, (entries: Entries) => Layer>> = {
  Activation: (entries) => activation({ name: entries.name, activation: activationOf(entries) }),
  BatchNormalization: (entries) => ofLastAxis(entries, batchNormalization(normalisationOf(entries))),
  Concatenate: (entries) => {
    entries.oneOf('axis', [-1]);
    return concatenate({ name: entries.name });
  },
  Conv1D: (entries) =>
    conv1d({
      ...sequenceConvolutionOf(entries),
      padding: entries.oneOf('padding', [...padding, 'causal'] as const),
      activation: activationOf(entries),
      ...penaltiesOf(entries),
    }),
  Conv2D: (entries) =>
    conv2d({ ...convolutionOf(entries), activation: activationOf(entries), ...penaltiesOf(entries) }),
  Conv2DTranspose: (entries) =>
    conv2dTranspose({
      ...convolutionOf(entries),
      activation: activationOf(entries),
      ...penaltiesOf(entries),
    }),
  Cropping2D: croppedChannel,
  Dense: (entries) =>
    dense({ ...unitsOf(entries), activation: activationOf(entries), ...penaltiesOf(entries) }),
  Dropout: (entries) => dropout({ name: entries.name, rate: rateOf(entries) }),
  Flatten: ({ name }) => flatten({ name }),
  GlobalAveragePooling1D: (entries) => {
    entries.optional('data_format', ['channels_last']);
    entries.optional('keepdims', [false]);
    return globalAveragePooling1d({ name: entries.name });
  },
  LSTM: recurrentOf,
  MaxPooling2D: (entries) => maxPooling2d({ ...windowOf(entries), poolSize: entries.pair('pool_size') }),
  QActivation: (entries) =>
    qActivation({
      name: entries.name,
      activation: entries.take('activation', 'a quantiser', () => entries.quantiser('activation')),
    }),
  QBatchNormalization: (entries) =>
    ofLastAxis(
      entries,
      qBatchNormalization({
        ...normalisationOf(entries),
        gammaQuantiser: entries.quantiser('gamma_quantizer') ?? null,
        betaQuantiser: entries.quantiser('beta_quantizer') ?? null,
        meanQuantiser: entries.quantiser('mean_quantizer') ?? null,
        varianceQuantiser: entries.quantiser('variance_quantizer') ?? null,
      }),
    ),
  QConv1D: (entries) =>
    qConv1d({
      ...sequenceConvolutionOf(entries),
      padding: entries.oneOf('padding', padding),
      ...quantisersOf(entries),
    }),
  QConv2D: (entries) => qConv2d({ ...convolutionOf(entries), ...quantisersOf(entries) }),
  QDense: (entries) => qDense({ ...unitsOf(entries), ...quantisersOf(entries) }),
  ReLU: rectifierOf,
  Reshape: (entries) => reshape({ name: entries.name, targetShape: entries.counts('target_shape') }),
  Softmax: (entries) => {
    entries.optional('axis', [-1]);
    return activation({ name: entries.name, activation: 'softmax' });
  },
  UpSampling2D: (entries) => {
    entries.oneOf('interpolation', ['nearest']);
    return upSampling2d({ name: entries.name, size: entries.pair('size') });
  },
};

/** One channel of an image, as `takeChannel` is written. */
function croppedChannel(entries: Entries): Layer {
  entries.oneOf('data_format', ['channels_first']);
  const [before, after] = entries.take('cropping', '[[0, 0], [before, after]]', (value) => {
    const [rows, channels] = value as readonly (readonly number[])[];
    return String(rows) === '0,0' && channels.every((count) => Number.isInteger(count))
      ? channels
      : undefined;
  });
  return takeChannel({ name: entries.name, index: before, channels: before + after + 1, axes: 3 });
}

/** The layer that an entry of an architecture describes. @throws UserError for what is not supported */
export function layerFromKeras(spec: KerasLayerSpec): Layer {
  if (!Object.hasOwn(readers, spec.className)) {
    throw new UserError(
      `layer ${spec.name}: class ${spec.className} is not supported, expected one of ${Object.keys(readers).join(', ')}`,
    );
  }
  return readers[spec.className](new Entries(spec));
}
