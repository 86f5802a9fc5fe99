import {
  resolveRef,
  type FunctionalModel,
  type JsonValue,
  type KerasLayerSpec,
  type KerasNodeSpec,
  type KerasTensorRef,
} from './keras-layer.ts';
import { outputShapes } from './output-shapes.ts';

/** Version of Keras whose file layout is written. */
export const KERAS_VERSION = '2.15.0';
const KERAS3_VERSION = '3.15.1';

/**
 * How an architecture is spelled. `portable`: the one form of a JSON file that Keras 2.15 and Keras 3 both load.
 * `archive`: the same inside of a `.keras` archive. `keras2`: class and configuration alone, as Keras up to 2.12 wrote
 * it; every QKeras, hls4ml and Keras 2 load it. `keras2.15`: with the module of every class, as Keras 2.15 writes it.
 * `keras3`: as Keras 3 writes it.
 */
export type KerasForm = 'portable' | 'archive' | 'keras2' | 'keras2.15' | 'keras3';

/**
 * Class of a model. In a JSON file Keras 3 looks it up in its module and Keras 2.15 finds it by its name alone; in an
 * archive both look it up in the module, and this public one they share.
 */
const modelClasses: Readonly<Record<KerasForm, { readonly module: string; readonly class_name: string }>> = {
  portable: { module: 'keras.src.models.functional', class_name: 'Functional' },
  archive: { module: 'keras', class_name: 'Model' },
  keras2: { module: 'keras.src.engine.functional', class_name: 'Functional' },
  'keras2.15': { module: 'keras.src.engine.functional', class_name: 'Functional' },
  keras3: { module: 'keras.src.models.functional', class_name: 'Functional' },
};

const writtenForBoth: ReadonlySet<KerasForm> = new Set(['portable', 'archive']);

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
  return JSON.stringify(kerasArchitecture(model, form));
}

/** The same as an object. */
export function kerasArchitecture(model: FunctionalModel, form: KerasForm): JsonObject {
  const version = form === 'keras3' ? KERAS3_VERSION : KERAS_VERSION;
  const description = { ...functional(model, form), keras_version: version, backend: 'tensorflow' };
  return form === 'keras2' ? (withoutModules(description) as JsonObject) : description;
}

function functional(model: FunctionalModel, form: KerasForm): JsonObject {
  const nested = new Set(model.layers.filter((layer) => layer.kind === 'model').map((layer) => layer.name));
  const feeding = new Set(
    model.layers.flatMap((layer) => layer.inbound.flat().map((ref) => resolveRef(ref).layer)),
  );
  // Keras 2 counts the calls of a nested model from 1. Keras 3 does so where the model is an output, but counts from
  // 0 where it feeds a layer. With every call listed twice, number 2 c + 1 is call c in each way of counting; the
  // second of each pair is used by nothing and never computed.
  const isDoubled = (name: string) => writtenForBoth.has(form) && nested.has(name) && feeding.has(name);
  const tensor = (ref: KerasTensorRef): [string, number, number] => {
    const { layer, call, output } = resolveRef(ref);
    return [layer, isDoubled(layer) ? 2 * call + 1 : nested.has(layer) ? call + 1 : call, output];
  };
  const outputs = model.outputs.map(tensor);
  const shapeOf = outputShapes(model);
  return {
    ...modelClasses[form],
    config: {
      name: model.name,
      trainable: true,
      layers: model.layers.map((layer) => {
        const calls = layer.inbound.map((call) =>
          form === 'keras3' ? keras3Call(call, shapeOf) : call.map((ref) => [...tensor(ref), {}]),
        );
        return {
          ...layerObject(layer, form),
          name: layer.name,
          inbound_nodes: isDoubled(layer.name) ? calls.flatMap((call) => [call, call]) : calls,
        };
      }),
      input_layers: form === 'keras3' ? oneOrAll(model.inputs.map(tensor)) : model.inputs.map(tensor),
      output_layers: form === 'keras3' ? oneOrAll(outputs) : outputs,
    },
    registered_name: modelClasses[form].class_name,
  };
}

/** Keras 3 lists a single tensor by itself. */
function oneOrAll(tensors: readonly JsonValue[]): JsonValue {
  return tensors.length === 1 ? tensors[0] : tensors;
}

/** A call with its operands as Keras 3 writes it, which counts the calls of a nested model from 0 here. */
function keras3Call(
  operands: readonly KerasTensorRef[],
  shapeOf: (ref: KerasTensorRef) => readonly number[],
): JsonObject {
  const tensors = operands.map((operand) => {
    const { layer, call, output } = resolveRef(operand);
    const shape = [null, ...shapeOf(operand)];
    return {
      class_name: '__keras_tensor__',
      config: { shape, dtype: 'float32', keras_history: [layer, call, output] },
    };
  });
  return { args: [oneOrAll(tensors)], kwargs: {} };
}

function layerObject(layer: KerasNodeSpec, form: KerasForm): JsonObject {
  if (layer.kind === 'model') return functional(layer.model, form);
  const { className, isCustom, name } = layer;
  const trainable: JsonObject = className === 'InputLayer' ? {} : { trainable: true };
  const ownModule = isCustom ? null : 'keras.layers';
  return {
    module: form.startsWith('keras2') ? (qkerasModules[className] ?? ownModule) : ownModule,
    class_name: className,
    config: { name, ...trainable, dtype: 'float32', ...configOf(layer, form) },
    registered_name: isCustom ? className : null,
  };
}

/** Keys of Keras 2 without which Keras 2 loads a layer, too, and which Keras 3 refuses. */
const olderKeys = new Set(['time_major', 'implementation']);
const SHAPE_KEY = 'batch_input_shape';

function configOf({ className, config }: KerasLayerSpec, form: KerasForm): JsonObject {
  if (form.startsWith('keras2')) return config;
  const isInput = className === 'InputLayer';
  const kept = Object.entries(config).filter(
    ([key]) => !olderKeys.has(key) && (isInput || key !== SHAPE_KEY),
  );
  return Object.fromEntries(
    kept.map(([key, value]) => [form === 'keras3' && key === SHAPE_KEY ? 'batch_shape' : key, value]),
  );
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
