import {
  activation,
  concatenate,
  conv2d,
  conv2dTranspose,
  dense,
  flatten,
  maxPooling2d,
  reshape,
  takeChannel,
  upSampling2d,
} from '@hep/nn';
import type { ActivationName, Layer, Padding, PlainData } from '@hep/nn';
import { UserError } from '@hep/options';
import { qActivation, qConv2d, qDense, quantiserFromKeras } from '@hep/quant';
import type { Quantiser } from '@hep/quant';
import type { KerasLayerSpec } from './keras-layer.ts';

/** The entries of a layer's configuration, checked as they are taken. */
class Entries {
  constructor(private readonly spec: KerasLayerSpec) {}

  get name(): string {
    return this.spec.name;
  }

  count(key: string): number {
    return this.take(key, 'a positive whole number', (value) =>
      Number.isInteger(value) && (value as number) > 0 ? (value as number) : undefined,
    );
  }

  counts(key: string): number[] {
    return this.take(key, 'positive whole numbers', (value) =>
      Array.isArray(value) && value.every((entry) => Number.isInteger(entry) && (entry as number) > 0)
        ? (value as number[])
        : undefined,
    );
  }

  pair(key: string): [number, number] {
    const [height, width] = this.counts(key);
    return [height, width ?? height];
  }

  oneOf<Value extends PlainData>(key: string, known: readonly Value[]): Value {
    return this.take(key, known.map((value) => JSON.stringify(value)).join(' or '), (value) =>
      known.find((candidate) => JSON.stringify(candidate) === JSON.stringify(value)),
    );
  }

  /** A quantiser as a text or an object; undefined for none. */
  quantiser(key: string): Quantiser | undefined {
    const value = this.spec.config[key] ?? null;
    if (value === null || value === 'linear') return undefined;
    try {
      return quantiserFromKeras(value);
    } catch (error) {
      throw error instanceof UserError
        ? new UserError(`layer ${this.name}: ${key}: ${error.message}`)
        : error;
    }
  }

  raw(key: string): PlainData {
    return this.spec.config[key] ?? null;
  }

  take<Value>(key: string, expected: string, read: (value: PlainData) => Value | undefined): Value {
    const value = this.raw(key);
    const found = read(value);
    if (found === undefined) {
      throw new UserError(
        `layer ${this.name}: ${key} is ${JSON.stringify(value)}, expected ${expected} in a ${this.spec.className}`,
      );
    }
    return found;
  }
}

const activations: readonly ActivationName[] = ['linear', 'relu', 'sigmoid', 'tanh', 'softmax'];
const padding: readonly Padding[] = ['same', 'valid'];

const activationOf = (entries: Entries) =>
  entries.raw('activation') === null ? 'linear' : entries.oneOf('activation', activations);

function windowOf(entries: Entries) {
  entries.oneOf('data_format', ['channels_last']);
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
  Concatenate: (entries) => {
    entries.oneOf('axis', [-1]);
    return concatenate({ name: entries.name });
  },
  Conv2D: (entries) => conv2d({ ...convolutionOf(entries), activation: activationOf(entries) }),
  Conv2DTranspose: (entries) =>
    conv2dTranspose({ ...convolutionOf(entries), activation: activationOf(entries) }),
  Cropping2D: croppedChannel,
  Dense: (entries) => dense({ ...unitsOf(entries), activation: activationOf(entries) }),
  Flatten: ({ name }) => flatten({ name }),
  MaxPooling2D: (entries) => maxPooling2d({ ...windowOf(entries), poolSize: entries.pair('pool_size') }),
  QActivation: (entries) =>
    qActivation({
      name: entries.name,
      activation: entries.take('activation', 'a quantiser', () => entries.quantiser('activation')),
    }),
  QConv2D: (entries) => qConv2d({ ...convolutionOf(entries), ...quantisersOf(entries) }),
  QDense: (entries) => qDense({ ...unitsOf(entries), ...quantisersOf(entries) }),
  Reshape: (entries) => reshape({ name: entries.name, targetShape: entries.counts('target_shape') }),
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
