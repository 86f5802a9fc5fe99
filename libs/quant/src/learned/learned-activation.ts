import { kerasLayer, onlyShape } from '@hep/nn';
import type { Layer } from '@hep/nn';
import { learnedQuantiser } from './learned-quantiser.ts';
import { learnedDefaults } from './learned-settings.ts';
import type { LearnedSettings } from './learned-settings.ts';

/** Options of `learnedActivation`. */
export interface LearnedActivationOptions {
  readonly name: string;
  /** Default: HGQ's for activations. */
  readonly settings?: LearnedSettings;
}

/** A quantiser with learned bits as a layer; the shape stays. Its bits cost nothing by themselves. */
export function learnedActivation({ name, settings }: LearnedActivationOptions): Layer {
  const quantiser = learnedQuantiser('output', settings ?? learnedDefaults.activation);
  return {
    name,
    parameters: (inputShapes) => quantiser.parameters(onlyShape(name, inputShapes)),
    outputShape: (inputShapes) => onlyShape(name, inputShapes),
    apply: (parameters, [x], context) => quantiser.apply(parameters, x, context),
    kerasConfig: () => ({ ...kerasLayer('LearnedActivation', name), isCustom: true }),
  };
}
