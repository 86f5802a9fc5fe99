import { kerasWeightSlots } from './keras-weight-names.ts';
import type { FunctionalModel, KerasNodeSpec } from './keras-layer.ts';

/** Group of a model's layers in `model.weights.h5` of a `.keras` archive, as Keras 2.15 and 3 name it. */
export const LAYERS_GROUP = 'layers';
/** The same as Keras 2.12 to 2.14 name it. */
export const OLD_LAYERS_GROUP = '_layer_checkpoint_dependencies';

/** Kind of a layer in names of groups: `Conv2DTranspose` -> `conv2d_transpose`. */
export function groupKind(layer: KerasNodeSpec): string {
  const className = layer.kind === 'model' ? 'Functional' : layer.className;
  return className
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

/** Names of the layers' groups in the order of the model: `conv1d`, `conv1d_1`, ..., whatever the layers' own names. */
export function groupNames(model: FunctionalModel): string[] {
  const used = new Map<string, number>();
  return model.layers.map((layer) => {
    const kind = groupKind(layer);
    const number = used.get(kind) ?? 0;
    used.set(kind, number + 1);
    return number === 0 ? kind : `${kind}_${number}`;
  });
}

/** Where the weights of a layer lie in its group. */
export function variablesPath(layer: KerasNodeSpec): string {
  return layer.kind === 'layer' && layer.className === 'LSTM' ? 'cell/vars' : 'vars';
}

/** Names of a layer's weights (`kernel`, `bias`), stored as `vars/0`, `vars/1`, ... */
export function weightNames(layer: KerasNodeSpec): string[] {
  return kerasWeightSlots(layer).map(({ name }) => name);
}
