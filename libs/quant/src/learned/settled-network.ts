/** A trained network with learned bits as a network of plain layers on exact numbers, as inference needs it. */
import type { Shape, Weights } from '@hep/nn';
import { elementBits, quantisedWeights } from './host-numbers.ts';
import { isLearned } from './learned-layers.ts';
import type { LearnedLayer } from './learned-layers.ts';
import { settledInput } from './settled-input.ts';
import { rebuildNetwork } from './rebuild-network.ts';
import type { WeightedNetwork } from './rebuild-network.ts';

/**
 * Kernels and biases are the quantised numbers themselves; what comes into a layer passes a quantiser of fixed bits,
 * `NAME_input`. It computes the same numbers as the learned network in inference.
 */
export function settledNetwork(trained: WeightedNetwork): WeightedNetwork {
  const shapes = inputShapes(trained);
  return rebuildNetwork(trained, (layer, own) => {
    if (!isLearned(layer)) return null;
    const { input } = layer.quantisers;
    const bits = elementBits(input, own, shapes.get(layer)!);
    const quantised = settledInput(`${layer.name}_input`, bits, input.settings);
    return { layers: [quantised, layer.plain], weights: settledWeights(layer, own) };
  });
}

/** Kernel and bias by path. */
export function settledWeights(layer: LearnedLayer, own: Weights): Weights {
  return Object.fromEntries(
    Object.entries(quantisedWeights(layer, own)).map(([name, { shape, values }]) => [
      `${layer.name}/${name}`,
      { shape, values },
    ]),
  );
}

/** Shape of what comes into each learned layer; of a shared one, the first time. */
export function inputShapes({ network }: WeightedNetwork): Map<LearnedLayer, Shape> {
  const shapes = new Map<LearnedLayer, Shape>();
  for (const { layer, inputs } of network.nodes) {
    if (layer !== null && isLearned(layer) && !shapes.has(layer)) shapes.set(layer, inputs[0].shape);
  }
  return shapes;
}
