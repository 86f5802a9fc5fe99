import type { Layer, Network, NetworkNode } from '@hep/nn';
import { functionalModel, inputLayer } from './keras-layer.ts';
import type { FunctionalModel, JsonValue, KerasNodeSpec, KerasTensorRef } from './keras-layer.ts';

/**
 * The Keras description of a network, nested networks as sub-models, shared layers with one entry per call.
 * Throws `Error` when a layer has no Keras class.
 */
export function modelFromNetwork(network: Network): FunctionalModel {
  const refs = new Map<NetworkNode, KerasTensorRef>();
  const refOf = (node: NetworkNode): KerasTensorRef => refs.get(node) ?? node.name;
  const layers = new Map<string, KerasNodeSpec>();
  for (const node of network.nodes) {
    if (node.layer === null) {
      layers.set(node.name, inputLayer(node.name, node.shape));
      continue;
    }
    const call = node.inputs.map(refOf);
    const spec = layers.get(node.layer.name) ?? described(node.layer);
    layers.set(node.layer.name, { ...spec, inbound: [...spec.inbound, call] });
    const earlierCalls = spec.inbound.length;
    refs.set(node, earlierCalls === 0 ? spec.name : { layer: spec.name, call: earlierCalls });
  }
  return functionalModel({
    name: network.name,
    inputs: network.inputs.map(refOf),
    layers: [...layers.values()],
    outputs: network.outputs.map(refOf),
  });
}

/** A layer without its calls; what every layer has in common is added by `kerasJson`. */
function described(layer: Layer): KerasNodeSpec {
  if ('nodes' in layer) {
    const model = modelFromNetwork(layer as Network);
    return { kind: 'model', name: model.name, model, inbound: [] };
  }
  const { className, config, isCustom } = layer.kerasConfig();
  const common = new Set(['name', 'trainable', 'dtype']);
  const own = Object.entries(config as Record<string, JsonValue>).filter(([key]) => !common.has(key));
  return {
    kind: 'layer',
    className,
    ...(isCustom ? { isCustom } : {}),
    name: layer.name,
    config: Object.fromEntries(own),
    inbound: [],
  };
}
