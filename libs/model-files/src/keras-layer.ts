import { kerasOrder } from './keras-order.ts';

/** A value of a Keras configuration. */
export type JsonValue =
  null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** Output of a layer: its name, or name with the number of the call and of the output (both from 0). */
export type KerasTensorRef =
  string | { readonly layer: string; readonly call?: number; readonly output?: number };

/** One layer of a functional Keras model as plain data. */
export interface KerasLayerSpec {
  readonly kind: 'layer';
  /** Keras class, for example `Conv2D`. */
  readonly className: string;
  /** Not one of Keras' own layers: whoever loads the file must provide the class. */
  readonly isCustom?: boolean;
  /** Unique in its model; weights are stored under it. */
  readonly name: string;
  /** Keras configuration without `name`, `trainable` and `dtype`. */
  readonly config: { readonly [key: string]: JsonValue };
  /** One entry per call of the layer; each lists the tensors it is called on. Empty for an input. */
  readonly inbound: readonly (readonly KerasTensorRef[])[];
}

/** A functional model used as a layer of another one. */
export interface KerasSubmodelSpec {
  readonly kind: 'model';
  /** Same as `model.name`. */
  readonly name: string;
  readonly model: FunctionalModel;
  readonly inbound: readonly (readonly KerasTensorRef[])[];
}

/** A layer, or a model that is used as one. */
export type KerasNodeSpec = KerasLayerSpec | KerasSubmodelSpec;

/** A functional Keras model: layers in Keras order, and which tensors enter and leave it. */
export interface FunctionalModel {
  readonly name: string;
  readonly inputs: readonly KerasTensorRef[];
  readonly layers: readonly KerasNodeSpec[];
  readonly outputs: readonly KerasTensorRef[];
}

/** Input of a model; `shape` without the batch, for example `[8, 8, 1]`. */
export function inputLayer(name: string, shape: readonly number[]): KerasLayerSpec {
  const config = { batch_input_shape: [null, ...shape], sparse: false };
  return { kind: 'layer', className: 'InputLayer', name, config, inbound: [] };
}

/** Layer name, call number and output number of a reference. */
export function resolveRef(ref: KerasTensorRef): { layer: string; call: number; output: number } {
  return typeof ref === 'string'
    ? { layer: ref, call: 0, output: 0 }
    : { layer: ref.layer, call: ref.call ?? 0, output: ref.output ?? 0 };
}

/**
 * Checks a model description and returns it with its layers in Keras order. Throws `Error` when a name repeats, an
 * input is no InputLayer, a reference points at a layer or call that does not exist, or a layer is not used.
 */
export function functionalModel(model: FunctionalModel): FunctionalModel {
  const layers = new Map<string, KerasNodeSpec>();
  for (const layer of model.layers) {
    if (layers.has(layer.name)) throw new Error(`model ${model.name}: two layers are named ${layer.name}`);
    layers.set(layer.name, layer);
  }
  const check = (ref: KerasTensorRef, user: string) => {
    const { layer, call } = resolveRef(ref);
    const calls = callsOf(layers.get(layer));
    if (call >= calls)
      throw new Error(`model ${model.name}: ${user} uses call ${call} of ${layer}, which has ${calls}`);
  };
  for (const layer of model.layers)
    for (const call of layer.inbound) for (const ref of call) check(ref, layer.name);
  for (const ref of model.outputs) check(ref, 'its output');
  for (const ref of model.inputs) {
    const layer = layers.get(resolveRef(ref).layer);
    if (layer?.kind !== 'layer' || layer.className !== 'InputLayer') {
      throw new Error(`model ${model.name}: input ${resolveRef(ref).layer} is not an InputLayer`);
    }
  }
  return { ...model, layers: kerasOrder(model) };
}

function callsOf(layer: KerasNodeSpec | undefined): number {
  if (!layer) return 0;
  return layer.kind === 'layer' && layer.className === 'InputLayer' ? 1 : layer.inbound.length;
}
