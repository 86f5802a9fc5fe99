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

type JsonObject = { readonly [key: string]: JsonValue };

/**
 * Architecture JSON of a model, the one form that `model_from_json` of Keras 2.15 and of Keras 3 both load:
 * Keras 2 connections, Keras 3 module of nested models, and only configuration keys that both know.
 */
export function kerasJson(model: FunctionalModel): string {
  return JSON.stringify({ ...functional(model), keras_version: KERAS_VERSION, backend: 'tensorflow' });
}

function functional(model: FunctionalModel): JsonObject {
  const nested = new Set(model.layers.filter((layer) => layer.kind === 'model').map((layer) => layer.name));
  const feeding = new Set(
    model.layers.flatMap((layer) => layer.inbound.flat().map((ref) => resolveRef(ref).layer)),
  );
  // Keras 2 counts the calls of a nested model from 1. Keras 3 does so where the model is an output, but counts from
  // 0 where it feeds a layer. With every call listed twice, number 2 c + 1 is call c in each way of counting; the
  // second of each pair is used by nothing and never computed.
  const isDoubled = (name: string) => nested.has(name) && feeding.has(name);
  const tensor = (ref: KerasTensorRef): [string, number, number] => {
    const { layer, call, output } = resolveRef(ref);
    return [layer, isDoubled(layer) ? 2 * call + 1 : nested.has(layer) ? call + 1 : call, output];
  };
  return {
    module: FUNCTIONAL_MODULE,
    class_name: 'Functional',
    config: {
      name: model.name,
      trainable: true,
      layers: model.layers.map((layer) => {
        const calls = layer.inbound.map((call) => call.map((ref) => [...tensor(ref), {}]));
        return {
          ...layerObject(layer),
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

function layerObject(layer: KerasNodeSpec): JsonObject {
  if (layer.kind === 'model') return functional(layer.model);
  const trainable: JsonObject = layer.className === 'InputLayer' ? {} : { trainable: true };
  return {
    module: layer.isCustom ? null : 'keras.layers',
    class_name: layer.className,
    config: { name: layer.name, ...trainable, dtype: 'float32', ...layer.config },
    registered_name: layer.isCustom ? layer.className : null,
  };
}
