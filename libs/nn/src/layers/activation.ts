import { activate } from '../activations.ts';
import type { ActivationName } from '../activations.ts';
import { kerasLayer } from '../keras-config.ts';
import type { Layer } from '../layer.ts';
import { onlyShape } from './windows.ts';

/** An activation function as a layer of its own; the shape stays. */
export function activation(options: { readonly name: string; readonly activation: ActivationName }): Layer {
  const { name } = options;
  return {
    name,
    parameters: () => [],
    outputShape: (inputShapes) => onlyShape(name, inputShapes),
    apply: (_, [x]) => activate(options.activation, x),
    kerasConfig: () => kerasLayer('Activation', name, { activation: options.activation }),
  };
}
