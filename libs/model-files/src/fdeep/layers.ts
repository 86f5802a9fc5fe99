import { UserError } from '@hep/options';
import type { FunctionalModel, KerasLayerSpec } from '../keras-layer.ts';
import { elementsOf } from '../named-tensor.ts';

/** Where a weight of a layer is kept. */
interface StoredWeight {
  /** In the file. */
  readonly key: string;
  /** Ours. */
  readonly weight: string;
  /** Kernels of convolutions: `[..., in, out]` here, `[out, ..., in]` in the file. */
  readonly isFiltersFirst?: boolean;
}

const bias: StoredWeight = { key: 'bias', weight: 'bias' };
const convolution: readonly StoredWeight[] = [
  { key: 'weights', weight: 'kernel', isFiltersFirst: true },
  bias,
];

/** Weights by class in the order of the file. */
const storedWeights: Readonly<Record<string, readonly StoredWeight[]>> = {
  Dense: [{ key: 'weights', weight: 'kernel' }, bias],
  Conv1D: convolution,
  Conv2D: convolution,
  BatchNormalization: ['moving_mean', 'moving_variance', 'beta', 'gamma'].map((key) => ({
    key,
    weight: key,
  })),
  LSTM: [
    { key: 'weights', weight: 'kernel' },
    { key: 'recurrent_weights', weight: 'recurrent_kernel' },
    bias,
  ],
};

/** Classes without weights that frugally-deep knows. */
const weightless = new Set([
  ...[
    'InputLayer',
    'Activation',
    'ReLU',
    'Softmax',
    'Dropout',
    'Flatten',
    'Reshape',
    'Concatenate',
    'Average',
  ],
  ...['MaxPooling1D', 'MaxPooling2D', 'AveragePooling1D', 'AveragePooling2D', 'UpSampling2D'],
  ...['GlobalAveragePooling1D', 'GlobalAveragePooling2D'],
]);

/** A layer with weights, where the file and our parameters have them. */
export interface WeightedLayer {
  readonly layer: KerasLayerSpec;
  /** Key in the file; a nested model's name and `_` come before its layers' names. */
  readonly fileName: string;
  /** What our parameters' names begin with. */
  readonly scope: string;
  readonly weights: readonly StoredWeight[];
}

/**
 * Layers with weights in the order of the model.
 * @throws UserError for a class that frugally-deep does not have
 */
export function weightedLayers(model: FunctionalModel, fileScope = '', scope = ''): WeightedLayer[] {
  return model.layers.flatMap((layer): WeightedLayer[] => {
    const fileName = `${fileScope}${layer.name}`;
    const path = `${scope}${layer.name}`;
    if (layer.kind === 'model') return weightedLayers(layer.model, `${fileName}_`, `${path}/`);
    if (weightless.has(layer.className)) return [];
    const known = Object.hasOwn(storedWeights, layer.className) ? storedWeights[layer.className] : undefined;
    if (known === undefined) {
      throw new UserError(
        `layer ${layer.name}: frugally-deep has no layer of class ${layer.className}; write Keras or ONNX files instead`,
      );
    }
    return [{ layer, fileName, scope: path, weights: known.filter((stored) => isUsed(layer, stored)) }];
  });
}

function isUsed({ config }: KerasLayerSpec, { weight }: StoredWeight): boolean {
  if (weight === 'bias') return config['use_bias'] !== false;
  if (weight === 'beta') return config['center'] !== false;
  if (weight === 'gamma') return config['scale'] !== false;
  return true;
}

/** Values in the file's order. */
export function toFile({ isFiltersFirst }: StoredWeight, shape: readonly number[], values: Float32Array) {
  const filters = shape[shape.length - 1];
  return isFiltersFirst === true ? transposed(values, elementsOf(shape) / filters, filters) : values;
}

/** Values of the file in our order; `shape` is ours. */
export function fromFile({ isFiltersFirst }: StoredWeight, shape: readonly number[], values: Float32Array) {
  const filters = shape[shape.length - 1];
  return isFiltersFirst === true ? transposed(values, filters, elementsOf(shape) / filters) : values;
}

/** A matrix [rows, columns] as [columns, rows]. */
function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++)
      result[column * rows + row] = values[row * columns + column];
  }
  return result;
}
