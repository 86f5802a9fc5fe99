import { connect, input, modelOf, network } from '@hep/nn';
import type { Layer, Network, NetworkModel, NetworkNode, Weights } from '@hep/nn';
import { UserError } from '@hep/options';
import type { FunctionalModel, KerasNodeSpec, KerasTensorRef } from './keras-layer.ts';
import { resolveRef } from './keras-layer.ts';
import { readKerasWeights } from './keras-weights-read.ts';
import { layerFromKeras } from './layer-from-keras.ts';
import { matchWeights } from './match-weights.ts';
import { readKerasJson } from './parse-keras-json.ts';

/**
 * The network that an architecture describes, so that it runs, trains and can be written again.
 * @throws UserError that names the layer when a class or a setting is not supported
 */
export function networkFromModel(model: FunctionalModel): Network {
  const specs = new Map(model.layers.map((spec) => [spec.name, spec]));
  const layers = new Map<string, Layer>();
  const nodes = new Map<string, NetworkNode>();
  const layerOf = (spec: KerasNodeSpec): Layer => {
    const known = layers.get(spec.name);
    if (known !== undefined) return known;
    const made = spec.kind === 'model' ? networkFromModel(spec.model) : layerFromKeras(spec);
    layers.set(spec.name, made);
    return made;
  };
  const nodeOf = (ref: KerasTensorRef): NetworkNode => {
    const { layer: name, call, output } = resolveRef(ref);
    const key = `${call} ${name}`;
    const known = nodes.get(key);
    if (known !== undefined) return known;
    const spec = specs.get(name)!;
    if (output !== 0)
      throw new UserError(`layer ${name}: output ${output} is used, expected layers with one output`);
    const made =
      spec.kind === 'layer' && spec.className === 'InputLayer'
        ? input(name, inputShape(name, spec.config['batch_input_shape']))
        : connected(layerOf(spec), spec.inbound[call].map(nodeOf));
    nodes.set(key, made);
    return made;
  };
  return network(model.name, model.inputs.map(nodeOf), model.outputs.map(nodeOf));
}

function connected(layer: Layer, inputs: readonly NetworkNode[]): NetworkNode {
  try {
    return connect(layer, ...inputs);
  } catch (error) {
    throw error instanceof UserError ? error : new UserError((error as Error).message);
  }
}

function inputShape(name: string, given: unknown): number[] {
  const [batch, ...shape] = Array.isArray(given) ? (given as unknown[]) : [0];
  if (batch !== null || !shape.every((size) => Number.isInteger(size) && (size as number) > 0)) {
    throw new UserError(
      `layer ${name}: batch_input_shape is ${JSON.stringify(given)}, expected null and sizes`,
    );
  }
  return shape as number[];
}

/** A network and its weights. */
export interface ReadNetwork {
  readonly model: NetworkModel;
  readonly weights: Weights;
}

/**
 * Reads a network as Keras 2 or QKeras wrote it: architecture JSON, in any of its spellings, and HDF5 weights.
 * @throws UserError that names file and layer or tensor when something is missing, left over or not supported
 */
export async function readKerasNetwork(json: string, hdf5: string): Promise<ReadNetwork> {
  const description = await readKerasJson(json);
  try {
    const model = modelOf(networkFromModel(description));
    const values = matchWeights(model.parameterSpecs, await readKerasWeights(hdf5));
    const weights = model.parameterSpecs.map(
      ({ name, shape }) => [name, { shape, values: values[name] }] as const,
    );
    return { model, weights: Object.fromEntries(weights) };
  } catch (error) {
    const isOfWeights = error instanceof UserError && error.message.startsWith(hdf5);
    throw error instanceof UserError && !isOfWeights ? new UserError(`${json}: ${error.message}`) : error;
  }
}
