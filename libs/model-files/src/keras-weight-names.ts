import type { FunctionalModel, KerasLayerSpec, KerasNodeSpec } from './keras-layer.ts';

/** One weight of a layer in the order Keras stores it. */
export interface KerasWeightSlot {
  /** Our name relative to the layer that holds it: `kernel`, or `conv2d/kernel` inside a nested model. */
  readonly name: string;
  /** Name in the HDF5 file: `conv2d/kernel:0`. */
  readonly kerasName: string;
  readonly trainable: boolean;
}

const withKernel = new Set(['Dense', 'Conv1D', 'Conv2D', 'Conv2DTranspose', 'QDense', 'QConv1D', 'QConv2D']);
const normalisations = new Set(['BatchNormalization', 'QBatchNormalization']);

/**
 * Weights of a layer or nested model as Keras 2 lists them: all trainable ones, then the others.
 * Layers without weights give `[]`.
 */
export function kerasWeightSlots(layer: KerasNodeSpec): KerasWeightSlot[] {
  const slots = layer.kind === 'layer' ? layerSlots(layer) : modelSlots(layer.model);
  return [...slots.filter((slot) => slot.trainable), ...slots.filter((slot) => !slot.trainable)];
}

function modelSlots(model: FunctionalModel): KerasWeightSlot[] {
  return model.layers.flatMap((layer) =>
    kerasWeightSlots(layer).map((slot) => ({ ...slot, name: `${layer.name}/${slot.name}` })),
  );
}

function layerSlots({ className, name, config }: KerasLayerSpec): KerasWeightSlot[] {
  const slot = (weight: string, trainable = true, scope = name): KerasWeightSlot => ({
    name: weight,
    kerasName: `${scope}/${weight}:0`,
    trainable,
  });
  const bias = config['use_bias'] !== false;
  if (withKernel.has(className)) return bias ? [slot('kernel'), slot('bias')] : [slot('kernel')];
  if (className === 'LSTM') {
    const cell = ['kernel', 'recurrent_kernel', ...(bias ? ['bias'] : [])];
    return cell.map((weight) => slot(weight, true, `${name}/lstm_cell`));
  }
  if (normalisations.has(className)) {
    return [
      ...(config['scale'] !== false ? [slot('gamma')] : []),
      ...(config['center'] !== false ? [slot('beta')] : []),
      slot('moving_mean', false),
      slot('moving_variance', false),
    ];
  }
  return [];
}

/** Our names of all weights of a model in Keras order, for example `encoder/conv2d/kernel`. */
export function kerasWeightNames(model: FunctionalModel): string[] {
  return model.layers.flatMap((layer) => kerasWeightSlots(layer).map((slot) => `${layer.name}/${slot.name}`));
}
