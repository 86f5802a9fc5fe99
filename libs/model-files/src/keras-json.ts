import {
  resolveRef,
  type FunctionalModel,
  type JsonValue,
  type KerasNodeSpec,
  type KerasTensorRef,
} from './keras-layer.ts';

/** Version of Keras whose file layout is written. */
export const KERAS_VERSION = '2.15.0';

/** Keras 3 looks the class up in this module; Keras 2.15 finds it by its name alone. */
const FUNCTIONAL_MODULE = 'keras.src.models.functional';

/**
 * How an architecture is spelled. `portable`: the one form that Keras 2.15 and Keras 3 both load. `keras2`: class and
 * configuration alone, as Keras up to 2.12 wrote it; every QKeras, hls4ml and Keras 2 load it. `keras2.15`: with the
 * module of every class, as Keras 2.15 writes it.
 */
export type KerasForm = 'portable' | 'keras2' | 'keras2.15';

type JsonObject = { readonly [key: string]: JsonValue };

/** Modules of QKeras' layers. */
const qkerasModules: Readonly<Record<string, string>> = {
  QActivation: 'qkeras.qlayers',
  QDense: 'qkeras.qlayers',
  QConv1D: 'qkeras.qconvolutional',
  QConv2D: 'qkeras.qconvolutional',
  QBatchNormalization: 'qkeras.qnormalization',
};

/** Architecture JSON of a model for `model_from_json`; only configuration keys that Keras 2 and 3 know. */
export function kerasJson(model: FunctionalModel, form: KerasForm = 'portable'): string {
  const description = { ...functional(model, form), keras_version: KERAS_VERSION, backend: 'tensorflow' };
  return JSON.stringify(form === 'keras2' ? withoutModules(description) : description);
}

function functional(model: FunctionalModel, form: KerasForm): JsonObject {
  const nested = new Set(model.layers.filter((layer) => layer.kind === 'model').map((layer) => layer.name));
  const feeding = new Set(
    model.layers.flatMap((layer) => layer.inbound.flat().map((ref) => resolveRef(ref).layer)),
  );
  // Keras 2 counts the calls of a nested model from 1. Keras 3 does so where the model is an output, but counts from
  // 0 where it feeds a layer. With every call listed twice, number 2 c + 1 is call c in each way of counting; the
  // second of each pair is used by nothing and never computed.
  const isDoubled = (name: string) => form === 'portable' && nested.has(name) && feeding.has(name);
  const tensor = (ref: KerasTensorRef): [string, number, number] => {
    const { layer, call, output } = resolveRef(ref);
    return [layer, isDoubled(layer) ? 2 * call + 1 : nested.has(layer) ? call + 1 : call, output];
  };
  return {
    module: form === 'portable' ? FUNCTIONAL_MODULE : 'keras.src.engine.functional',
    class_name: 'Functional',
    config: {
      name: model.name,
      trainable: true,
      layers: model.layers.map((layer) => {
        const calls = layer.inbound.map((call) => call.map((ref) => [...tensor(ref), {}]));
        return {
          ...layerObject(layer, form),
          name: layer.name,
          inbound_nodes: isDoubled(layer.name) ? calls.flatMap((call) => [call, call]) : calls,
        };
      }),
      input_layers: model.inputs.map(tensor),
      output_layers: model.outputs.map(tensor),
    },
    registered_name: 'Functional',
  };
}

function layerObject(layer: KerasNodeSpec, form: KerasForm): JsonObject {
  if (layer.kind === 'model') return functional(layer.model, form);
  const { className, isCustom, name, config } = layer;
  const trainable: JsonObject = className === 'InputLayer' ? {} : { trainable: true };
  const ownModule = isCustom ? null : 'keras.layers';
  return {
    module: form === 'portable' ? ownModule : (qkerasModules[className] ?? ownModule),
    class_name: className,
    config: { name, ...trainable, dtype: 'float32', ...config },
    registered_name: isCustom ? className : null,
  };
}

/** The same without the modules of classes, at any depth. */
function withoutModules(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withoutModules);
  if (typeof value !== 'object' || value === null) return value;
  const isObject = 'class_name' in value;
  const kept = Object.entries(value as JsonObject).filter(
    ([key]) => !isObject || (key !== 'module' && key !== 'registered_name'),
  );
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutModules(inner)]));
}
