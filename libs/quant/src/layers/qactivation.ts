import { kerasLayer, onlyShape } from '@hep/nn';
import type { Layer } from '@hep/nn';
import { printQuantiser } from '../notation.ts';
import { resolveQuantiser } from './quantised-weights.ts';
import type { QuantiserLike } from './quantised-weights.ts';

/** Options of `qActivation`. */
export interface QActivationOptions {
  readonly name: string;
  readonly activation: QuantiserLike;
}

/**
 * A quantiser as a layer; the shape stays. QKeras' QActivation; its configuration holds the quantiser as a text, which
 * every version of QKeras reads.
 * @throws UserError when the text describes no quantiser
 */
export function qActivation({ name, activation }: QActivationOptions): Layer {
  const quantiser = resolveQuantiser(activation);
  return {
    name,
    parameters: () => [],
    outputShape: (inputShapes) => onlyShape(name, inputShapes),
    apply: (_, [x]) => quantiser.apply(x),
    kerasConfig: () => ({
      ...kerasLayer('QActivation', name, { activation: printQuantiser(quantiser.config) }),
      isCustom: true,
    }),
  };
}
