import { connect, network, withinPath } from '@hep/nn';
import type { HostTensor, Layer, Network, NetworkNode, Weights } from '@hep/nn';

/** What stands in for a layer: layers in a row and their parameters by path. */
export interface Replacement {
  readonly layers: readonly Layer[];
  readonly weights: Weights;
}

/** A network and its parameters by path. */
export interface WeightedNetwork {
  readonly network: Network;
  readonly weights: Weights;
}

/**
 * The same graph with other layers; a layer used several times is replaced once.
 * @param replace gets a layer and its own parameters; null keeps the layer
 */
export function rebuildNetwork(
  { network: given, weights }: WeightedNetwork,
  replace: (layer: Layer, own: Weights) => Replacement | null,
): WeightedNetwork {
  const replaced = new Map<Layer, readonly Layer[]>();
  const collected: Record<string, HostTensor> = {};
  const layersFor = (layer: Layer): readonly Layer[] => {
    const known = replaced.get(layer);
    if (known !== undefined) return known;
    const own = withinPath(weights, layer.name);
    const replacement = replace(layer, own);
    const kept = Object.entries(own).map(([name, value]) => [`${layer.name}/${name}`, value] as const);
    Object.assign(collected, replacement?.weights ?? Object.fromEntries(kept));
    const layers = replacement?.layers ?? [layer];
    replaced.set(layer, layers);
    return layers;
  };
  const nodes = new Map<NetworkNode, NetworkNode>(given.inputs.map((node) => [node, node]));
  for (const node of given.nodes) {
    if (node.layer === null) continue;
    const [first, ...rest] = layersFor(node.layer);
    const start = connect(first, ...node.inputs.map((from) => nodes.get(from)!));
    nodes.set(
      node,
      rest.reduce((before, layer) => connect(layer, before), start),
    );
  }
  const outputs = given.outputs.map((node) => nodes.get(node)!);
  return { network: network(given.name, given.inputs, outputs), weights: collected };
}
