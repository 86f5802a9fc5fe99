import { withinPath } from '@hep/nn';
import { elementBits, quantisedWeights } from './host-numbers.ts';
import type { ElementBits } from './host-numbers.ts';
import type { WeightedNetwork } from './rebuild-network.ts';
import { inputShapes } from './settled-network.ts';

/** The numbers that a layer holds or takes in. */
export interface LearnedNumbers extends ElementBits {
  readonly layer: string;
  readonly tensor: 'input' | 'kernel' | 'bias';
  /** Of a weight, in C order, exact. */
  readonly values?: Float32Array;
  /** Whether there is a sign beside the bits. */
  readonly isSigned: boolean;
}

/** Inputs, kernels and biases of all layers with learned bits, in the order of the layers. */
export function learnedNumbers(trained: WeightedNetwork): LearnedNumbers[] {
  return [...inputShapes(trained)].flatMap(([layer, shape]) => {
    const own = withinPath(trained.weights, layer.name);
    const { input } = layer.quantisers;
    const described = (tensor: LearnedNumbers['tensor']) => {
      const { keepNegative } = layer.quantisers[tensor].settings;
      return { layer: layer.name, tensor, isSigned: keepNegative };
    };
    const weights = Object.entries(quantisedWeights(layer, own));
    return [
      { ...described('input'), ...elementBits(input, own, shape) },
      ...weights.map(([name, numbers]) => ({ ...described(name as 'kernel' | 'bias'), ...numbers })),
    ];
  });
}
