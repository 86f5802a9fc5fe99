import type { Program } from '@hep/engine';
import type { Weights } from '@hep/nn';
import { adversarialStep } from './adversarial-step.ts';
import type { AdversarialOptions } from './adversarial-step.ts';
import type { CalRatioNetwork } from './calratio-network.ts';
import { JET_INPUTS } from './jet-inputs.ts';
import { JET_CLASSES } from './labels.ts';

/** Learning rate of the reference, for both optimisers. */
export const CALRATIO_LEARNING_RATE = 8e-4;

/** Options of `calRatioProgram`. */
export interface CalRatioProgramOptions extends AdversarialOptions {
  /**
   * Teach the adversary on jets of their own, columns `discriminator/...`; otherwise on the control region jets of the
   * main step (default).
   */
  readonly separateDiscriminatorSample?: boolean;
}

/**
 * The adversarial training of a network for an engine. Data sets have columns `main/<input>`, `main/label`,
 * `main/weight`, `control/<input>`, `control/isData`, `control/weight`: row r of the main sample and row r of the control
 * region, brought to the same length, travel together.
 */
export function calRatioProgram(
  network: CalRatioNetwork,
  weights: Weights,
  options: CalRatioProgramOptions = {},
): Program {
  const step = adversarialStep(network, options);
  const jets = network.mainLogits.inputs;
  const control = { isData: [1], weight: [] };
  return {
    name: 'calratio',
    step: step.miniBatch,
    evaluate: step.evaluate,
    inputs: {
      ...columns('main', jets, { label: [JET_CLASSES.length], weight: [] }),
      ...columns('control', jets, control),
      ...(options.separateDiscriminatorSample === true ? columns('discriminator', jets, control) : {}),
    },
    initialState: step.initialState(weights),
  };
}

/** Types of a sample's columns: the network's inputs `jets` and others, shapes without the batch axis. */
function columns(
  sample: string,
  jets: Readonly<Record<string, readonly number[]>>,
  others: Readonly<Record<string, readonly number[]>>,
): Record<string, Program['inputs'][string]> {
  const inputs = JET_INPUTS.map((name) => [name, jets[name]] as const);
  return Object.fromEntries(
    [...inputs, ...Object.entries(others)].map(([name, shape]) => [
      `${sample}/${name}`,
      { shape: [{ batch: 1 }, ...shape], dtype: 'float32' as const },
    ]),
  );
}
