import { readBounded } from '@hep/files';
import { UserError } from '@hep/options';
import {
  functionalModel,
  type FunctionalModel,
  type JsonValue,
  type KerasNodeSpec,
  type KerasTensorRef,
} from './keras-layer.ts';

type JsonObject = { readonly [key: string]: JsonValue };
const MAX_JSON_BYTES = 16 * 1024 * 1024;
const MAX_NESTING = 16;

/**
 * Reads a Keras architecture file (`model.to_json()` of Keras 2 or 3), or one of ours. Layers of any class are kept
 * as they are. Throws `UserError` naming the file and the layer when it is no such file.
 */
export async function readKerasJson(path: string): Promise<FunctionalModel> {
  const text = new TextDecoder().decode(await readBounded(path, MAX_JSON_BYTES));
  return parseKerasJson(text, path);
}

/** The same from a text; `where` names it in errors. */
export function parseKerasJson(text: string, where: string): FunctionalModel {
  return parseArchitecture(parseJson(text, where), where);
}

/** @throws UserError when a text is not JSON */
export function parseJson(text: string, where: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    throw new UserError(`${where}: not JSON; expected the architecture of a Keras model`);
  }
}

/** The same from parsed JSON. */
export function parseArchitecture(parsed: JsonValue, where: string): FunctionalModel {
  try {
    return parseFunctional(object(parsed, 'the file'), 0);
  } catch (error) {
    throw new UserError(`${where}: no functional Keras model: ${(error as Error).message}`);
  }
}

function parseFunctional(json: JsonObject, depth: number): FunctionalModel {
  if (depth > MAX_NESTING) throw new Error('models are nested too deeply');
  const config = object(json['config'] ?? null, 'config');
  const name = text(config['name'], 'name of the model');
  const entries = list(config['layers'], `layers of ${name}`).map((entry) =>
    object(entry, `layer of ${name}`),
  );
  const stride = new Map(
    entries.filter(isModel).map((entry) => [text(entry['name'], 'name'), callsPerUse(entry)]),
  );
  const tensor = (value: JsonValue): KerasTensorRef => parseTensor(value, stride);
  return functionalModel({
    name,
    layers: entries.map((entry) => parseLayer(entry, tensor, stride, depth)),
    inputs: tensors(config['input_layers']).map(tensor),
    outputs: tensors(config['output_layers']).map(tensor),
  });
}

/** 2 when every call of a nested model is listed twice, as `kerasJson` writes it, otherwise 1. */
function callsPerUse(entry: JsonObject): number {
  const calls = list(entry['inbound_nodes'], 'inbound_nodes').map((call) => JSON.stringify(call));
  const isDoubled = calls.length % 2 === 0 && calls.every((call, i) => call === calls[i - (i % 2)]);
  return isDoubled ? 2 : 1;
}

function isModel(entry: JsonObject): boolean {
  return entry['class_name'] === 'Functional' || entry['class_name'] === 'Model';
}

function parseLayer(
  entry: JsonObject,
  tensor: (value: JsonValue) => KerasTensorRef,
  stride: ReadonlyMap<string, number>,
  depth: number,
): KerasNodeSpec {
  const name = text(entry['name'], 'name of a layer');
  const calls = list(entry['inbound_nodes'], `inbound_nodes of ${name}`);
  const inbound = calls
    .filter((_, call) => call % (stride.get(name) ?? 1) === 0)
    .map((call) => operands(call, name, stride).map(tensor));
  if (isModel(entry)) return { kind: 'model', name, model: parseFunctional(entry, depth + 1), inbound };
  const common = new Set(['name', 'trainable', 'dtype']);
  const config = Object.fromEntries(
    Object.entries(object(entry['config'] ?? null, `config of ${name}`))
      .filter(([key]) => !common.has(key))
      .map(([key, value]) => [key === 'batch_shape' ? 'batch_input_shape' : key, value]),
  );
  return { kind: 'layer', className: text(entry['class_name'], `class of ${name}`), name, config, inbound };
}

/** `[layer, node, output]` or `[layer, node, output, {}]`; node 0 of a nested model is its own construction. */
function parseTensor(value: JsonValue, stride: ReadonlyMap<string, number>): KerasTensorRef {
  const [layer, node, output] = list(value, 'a connection');
  if (typeof layer !== 'string' || !Number.isInteger(node) || !Number.isInteger(output)) {
    throw new Error('a connection is not [layer, node, output]');
  }
  const step = stride.get(layer);
  const call = step === undefined ? (node as number) : ((node as number) - 1) / step;
  if (!Number.isInteger(call) || call < 0 || (output as number) < 0) {
    throw new Error(`a connection uses call ${String(node)} of ${layer}, which does not exist`);
  }
  if (output !== 0) return { layer, call, output: output as number };
  return call === 0 ? layer : { layer, call };
}

/**
 * Operands of a call: Keras 2 lists them, Keras 3 has `{ args: [tensor] }` or `{ args: [[tensor, tensor]] }`, where it
 * counts the calls of a nested model from 0.
 */
function operands(call: JsonValue, user: string, nested: ReadonlyMap<string, number>): readonly JsonValue[] {
  if (Array.isArray(call)) return tensors(call, user);
  const given = list(object(call, `call of ${user}`)['args'], `args of ${user}`);
  return given.flat().map((operand) => {
    const { config } = object(operand as JsonValue, `operand of ${user}`);
    const origin = object(config ?? null, `operand of ${user}`)['keras_history'];
    const [layer, node, output] = list(origin, `keras_history of ${user}`);
    return [layer, nested.has(layer as string) ? (node as number) + 1 : node, output];
  });
}

/** Keras writes a single tensor both as `[name, 0, 0]` and as `[[name, 0, 0]]`. */
function tensors(value: JsonValue | undefined, user = 'the model'): readonly JsonValue[] {
  const found = list(value, `connections of ${user}`);
  return typeof found[0] === 'string' ? [found] : found;
}

function object(value: JsonValue, what: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`${what} is not an object`);
  return value as JsonObject;
}

function list(value: JsonValue | undefined, what: string): readonly JsonValue[] {
  if (!Array.isArray(value)) throw new Error(`${what} is not a list`);
  return value as readonly JsonValue[];
}

function text(value: JsonValue | undefined, what: string): string {
  if (typeof value !== 'string') throw new Error(`${what} is missing`);
  return value;
}
