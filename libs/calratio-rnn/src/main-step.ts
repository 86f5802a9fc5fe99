import { tf } from '@hep/graph';
import { Context, gradientsOf, regularisation, withinPath } from '@hep/nn';
import type { Parameters } from '@hep/nn';
import { disagreement, judgeAdversary, judgeClasses } from './adversarial-losses.ts';
import { averaged, parametersOf, updated } from './players.ts';
import type { Players, Tensors } from './players.ts';

/** What the main step minimises, and its parts; all scalars. */
type Objective = Readonly<
  Record<'loss' | 'mainLoss' | 'mainAccuracy' | 'adversaryLoss' | 'adversaryAccuracy', tf.Scalar> & {
    agreementLoss?: tf.Scalar;
  }
>;

/** Steps after which `agreementWeight` counts fully. */
const WARM_UP_STEPS = 200;

/**
 * Part of `agreementWeight` that counts in a step, rising as its square. A tagger that knows nothing yet would have to
 * learn from differences that the distance forbids, and stays where it is for hundreds of steps.
 */
function warmthAt(step: tf.Tensor): tf.Tensor {
  return tf.square(tf.minimum(1, tf.div(step, WARM_UP_STEPS)));
}

/** Factors of the parts. */
export interface ObjectiveWeights {
  readonly adversaryWeight: number;
  readonly agreementWeight: number;
}

/**
 * `loss` = cross-entropy of the classes in the main sample - adversaryWeight * cross-entropy of the adversary +
 * agreementWeight * distance of data and simulation in the control region + penalties. The adversary is in inference mode.
 * With a seed it is a step of training: the tagger's dropout acts, and agreementWeight is warmed up.
 * @param inputs samples under `main/` and `control/`
 */
export function objective(
  { main, adversary }: Players,
  { adversaryWeight, agreementWeight }: ObjectiveWeights,
  parameters: Parameters,
  inputs: Tensors,
  seed?: tf.Tensor,
): Objective {
  const logitsOf = (sample: 'main' | 'control') => {
    const context = new Context(seed !== undefined, seed, sample);
    return main.model.apply(parameters, withinPath(inputs, sample), context)[main.model.outputs[0]];
  };
  const classes = judgeClasses(logitsOf('main'), withinPath(inputs, 'main'));
  const controlLogits = logitsOf('control');
  const probabilities = tf.softmax(controlLogits);
  const frozen = new Context(false);
  const logits = adversary.model.apply(parameters, { probabilities }, frozen)[adversary.model.outputs[0]];
  const judged = judgeAdversary(logits, withinPath(inputs, 'control'));
  const agreement = agreementWeight === 0 ? null : disagreement(controlLogits, withinPath(inputs, 'control'));
  const warmth = seed === undefined ? tf.scalar(1) : warmthAt(inputs['step']);
  const penalty = regularisation(main.specs, parameters);
  const further = [
    ...(agreement === null ? [] : [tf.mul(agreement, tf.mul(agreementWeight, warmth))]),
    ...(penalty === null ? [] : [penalty]),
  ];
  const data = tf.sub(classes.loss, tf.mul(judged.loss, adversaryWeight));
  return {
    loss: further.reduce<tf.Tensor>((sum, part) => tf.add(sum, part), data) as tf.Scalar,
    ...(agreement === null ? {} : { agreementLoss: agreement }),
    mainLoss: classes.loss,
    mainAccuracy: classes.accuracy,
    adversaryLoss: judged.loss,
    adversaryAccuracy: judged.accuracy,
  };
}

/**
 * One update of the tagger; the adversary does not change.
 * @returns next state; the parts of the objective before the update
 */
export function mainStep(
  players: Players,
  weights: ObjectiveWeights,
  state: Tensors,
  inputs: Tensors,
): { state: Tensors; outputs: Tensors } {
  const { main } = players;
  const parameters = parametersOf(players, state);
  const { value, gradients, extra } = gradientsOf(main.specs, parameters, () => {
    const { loss, ...parts } = objective(players, weights, parameters, inputs, inputs['seed']);
    return { value: loss, extra: parts };
  });
  const { gradient, means } = averaged(main, gradients, { loss: value, ...extra });
  return { state: { ...state, ...updated(main, gradient, state, inputs) }, outputs: means };
}
