/**
 * Networks as graphs of layers. `input` and `connect` describe, `network` closes the description, `apply` runs it.
 * A network is a layer: it can be nested and, as any layer, connected several times with the same parameters.
 */
import { layerScope } from '@hep/graph';
import type { tf } from '@hep/graph';
import type { Context } from './context.ts';
import { kerasLayer } from './keras-config.ts';
import type { Layer } from './layer.ts';
import { withinPath } from './parameters.ts';
import type { ParameterSpec, Parameters, Shape } from './parameters.ts';

/** One use of a layer, or an input of the network (`layer` null). */
export interface NetworkNode {
  readonly name: string;
  readonly layer: Layer | null;
  readonly inputs: readonly NetworkNode[];
  /** Shape of the result without the batch axis. */
  readonly shape: Shape;
}

/** A closed graph of layers. */
export interface Network extends Layer {
  readonly inputs: readonly NetworkNode[];
  readonly outputs: readonly NetworkNode[];
  /** Every node, inputs first, each after the nodes it reads. */
  readonly nodes: readonly NetworkNode[];
  /** Specifications of all the parameters; a layer used several times counts once. */
  readonly parameterSpecs: readonly ParameterSpec[];
  /** One tensor per output. */
  applyAll(parameters: Parameters, inputs: readonly tf.Tensor[], context: Context): tf.Tensor[];
}

/** An input of a network; `shape` without the batch axis. */
export function input(name: string, shape: Shape): NetworkNode {
  return { name, layer: null, inputs: [], shape };
}

/** The result of a layer on earlier nodes. Throws when shapes do not fit. */
export function connect(layer: Layer, ...inputs: readonly NetworkNode[]): NetworkNode {
  return { name: layer.name, layer, inputs, shape: layer.outputShape(inputs.map((node) => node.shape)) };
}

/** Layers one after the other, starting from `start`. */
export function chain(start: NetworkNode, layers: readonly Layer[]): NetworkNode {
  return layers.reduce((node, layer) => connect(layer, node), start);
}

/**
 * Closes a graph of layers.
 * @throws Error when two layers share a name, or an output depends on an input that is not listed
 */
export function network(
  name: string,
  inputs: readonly NetworkNode[],
  outputs: readonly NetworkNode[],
): Network {
  const nodes = sorted(name, inputs, outputs);
  const parameterSpecs = specsOf(name, nodes);
  const applyAll = (parameters: Parameters, given: readonly tf.Tensor[], context: Context) => {
    const results = new Map<NetworkNode, tf.Tensor>(inputs.map((node, i) => [node, given[i]]));
    for (const node of nodes) {
      const { layer } = node;
      if (layer === null) continue;
      const values = node.inputs.map((from) => results.get(from)!);
      const local = withinPath(parameters, layer.name);
      const result = layerScope(layer.name, () => layer.apply(local, values, context.within(layer.name)));
      results.set(node, result);
    }
    return outputs.map((node) => results.get(node)!);
  };
  return {
    name,
    inputs,
    outputs,
    nodes,
    parameterSpecs,
    applyAll,
    parameters: () => parameterSpecs,
    outputShape: (inputShapes) => {
      const wrong = inputs.findIndex((node, i) => String(node.shape) !== String(inputShapes[i]));
      if (wrong >= 0 || inputShapes.length !== inputs.length) {
        throw new Error(
          `network ${name}: inputs [${inputShapes.join('], [')}], expected ${describe(inputs)}`,
        );
      }
      return outputs[0].shape;
    },
    apply: (parameters, given, context) => applyAll(parameters, given, context)[0],
    kerasConfig: () => kerasLayer('Functional', name),
  };
}

/** Layers in a row as a network with one input. */
export function sequential(
  name: string,
  start: { readonly name: string; readonly shape: Shape },
  layers: readonly Layer[],
): Network {
  const first = input(start.name, start.shape);
  return network(name, [first], [chain(first, layers)]);
}

function describe(nodes: readonly NetworkNode[]): string {
  return nodes.map((node) => `${node.name} [${node.shape}]`).join(', ');
}

function sorted(
  name: string,
  inputs: readonly NetworkNode[],
  outputs: readonly NetworkNode[],
): NetworkNode[] {
  const order = [...inputs];
  const seen = new Set<NetworkNode>(inputs);
  const visit = (node: NetworkNode) => {
    if (seen.has(node)) return;
    seen.add(node);
    if (node.layer === null) throw new Error(`network ${name}: ${node.name} is not in its list of inputs`);
    node.inputs.forEach(visit);
    order.push(node);
  };
  outputs.forEach(visit);
  return order;
}

function specsOf(name: string, nodes: readonly NetworkNode[]): ParameterSpec[] {
  const layers = new Map<string, Layer>();
  const specs: ParameterSpec[] = [];
  for (const { layer, inputs } of nodes) {
    if (layer === null || layers.get(layer.name) === layer) continue;
    if (layers.has(layer.name)) throw new Error(`network ${name}: two layers are named ${layer.name}`);
    layers.set(layer.name, layer);
    for (const spec of layer.parameters(inputs.map((node) => node.shape))) {
      specs.push({ ...spec, name: `${layer.name}/${spec.name}` });
    }
  }
  return specs;
}
