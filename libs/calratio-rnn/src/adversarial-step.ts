/**
 * Adversarial training as pure functions (state, inputs) -> (next state, outputs).
 *
 * The discriminator step teaches the adversary to tell data from simulation by the class probabilities; the main step
 * teaches the tagger to classify and to confuse the adversary. Each changes its own parameters only.
 */
import { tf } from '@hep/graph';
import { withinPath } from '@hep/nn';
import type { Optimiser, Weights } from '@hep/nn';
import type { CalRatioNetwork } from './calratio-network.ts';
import { discriminatorStep } from './discriminator-step.ts';
import { mainStep, objective } from './main-step.ts';
import { initialState, parametersOf, playersOf, weightsOf } from './players.ts';
import type { HostTensors, Players, Tensors } from './players.ts';

/** Choices of the adversarial training; defaults are the reference's. */
export interface AdversarialOptions {
  /** Weight of the adversary's loss, which the main step subtracts; default 10. */
  readonly adversaryWeight?: number;
  /** Weight of the energy distance between data and simulation, which the main step adds, fully from step 200 on; default 0. */
  readonly agreementWeight?: number;
  /** Discriminator steps before each main step; default 2. */
  readonly discriminatorSteps?: number;
  /** Default: Nadam. */
  readonly mainOptimiser?: Optimiser;
  /** Default: Nadam. */
  readonly adversaryOptimiser?: Optimiser;
}

/** Next state and scalar outputs of a step. */
export interface StepResult {
  readonly state: Tensors;
  readonly outputs: Tensors;
}

/**
 * State: `main/trainable` [P], `main/slot/...` of the main optimiser, the same under `adversary/`, and the adversary's
 * moving statistics by path. Inputs of every step: scalars `learningRate`, `step` (float32, from 1), and `seed` (int32).
 * Samples: `constit` [B, 30, 12], `track` [B, 20, 10], `MSeg` [B, 30, 6], `jet` [B, 3], `weight` [B] and
 * `label` [B, 3] one-hot (main) or `isData` [B, 1] (control region).
 */
export interface AdversarialStep {
  /** One update of the adversary; its sample has no prefix, `step` counts these updates. */
  discriminator(state: Tensors, inputs: Tensors): StepResult;
  /** One update of the tagger on samples under `main/` and `control/`. */
  main(state: Tensors, inputs: Tensors): StepResult;
  /**
   * A whole mini-batch: discriminator steps, then a main step. The discriminator's sample is under `discriminator/`, or
   * the one under `control/` where there is none. `step` counts mini-batches.
   */
  miniBatch(state: Tensors, inputs: Tensors): StepResult;
  /** Losses and accuracies of `main` in inference mode: the means over the rows. */
  evaluate(state: Tensors, inputs: Tensors): { readonly outputs: Tensors };
  /** State before the first step. */
  initialState(weights: Weights): HostTensors;
  /** Parameters of a state by path: the tagger's, the adversary's, moving statistics. */
  weightsOf(state: HostTensors): HostTensors;
}

/** Builds the steps of a network. */
export function adversarialStep(network: CalRatioNetwork, options: AdversarialOptions = {}): AdversarialStep {
  const players = playersOf(network, options);
  const { adversaryWeight = 10, agreementWeight = 0, discriminatorSteps = 2 } = options;
  const weights = { adversaryWeight, agreementWeight };
  const main = (state: Tensors, inputs: Tensors) => mainStep(players, weights, state, inputs);
  return {
    discriminator: (state, inputs) => discriminatorStep(players, 'discriminator', state, inputs),
    main,
    miniBatch: (state, inputs) => {
      const taught = teach(players, discriminatorSteps, state, inputs);
      const { state: next, outputs } = main(taught.state, inputs);
      return { state: next, outputs: { ...outputs, ...taught.outputs } };
    },
    evaluate: (state, inputs) => ({
      outputs: { ...objective(players, weights, parametersOf(players, state), inputs) },
    }),
    initialState: (weights) => initialState(players, weights),
    weightsOf: (state) => weightsOf(players, state),
  };
}

/** The discriminator steps of a mini-batch; outputs of the last one. */
function teach(players: Players, count: number, state: Tensors, inputs: Tensors): StepResult {
  const own = withinPath(inputs, 'discriminator');
  const sample = Object.keys(own).length > 0 ? own : withinPath(inputs, 'control');
  const { learningRate, seed } = inputs;
  let result: StepResult = { state, outputs: {} };
  for (let i = 1; i <= count; i++) {
    const step = tf.add(tf.mul(tf.sub(inputs['step'], 1), count), i);
    const given = { ...sample, learningRate, seed, step };
    result = discriminatorStep(players, `discriminator_${i}`, result.state, given);
  }
  return result;
}
