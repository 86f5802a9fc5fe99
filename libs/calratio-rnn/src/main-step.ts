import { tf } from '@hep/graph';
import { Context, gradientsOf, regularisation, withinPath } from '@hep/nn';
import type { Parameters } from '@hep/nn';
import { judgeAdversary, judgeClasses } from './adversarial-losses.ts';
import { averaged, parametersOf, updated } from './players.ts';
import type { Players, Tensors } from './players.ts';

/** What the main step minimises, and its parts; all scalars. */
type Objective = Readonly<
  Record<'loss' | 'mainLoss' | 'mainAccuracy' | 'adversaryLoss' | 'adversaryAccuracy', tf.Scalar>
>;

/**
 * `loss` = cross-entropy of the classes in the main sample - adversaryWeight * cross-entropy of the adversary in the
 * control region + penalties. The adversary is in inference mode; with a seed the tagger's dropout acts.
 * @param inputs samples under `main/` and `control/`
 */
export function objective(
  { main, adversary }: Players,
  adversaryWeight: number,
  parameters: Parameters,
  inputs: Tensors,
  seed?: tf.Tensor,
): Objective {
  const logitsOf = (sample: 'main' | 'control') => {
    const context = new Context(seed !== undefined, seed, sample);
    return main.model.apply(parameters, withinPath(inputs, sample), context)[main.model.outputs[0]];
  };
  const classes = judgeClasses(logitsOf('main'), withinPath(inputs, 'main'));
  const probabilities = tf.softmax(logitsOf('control'));
  const frozen = new Context(false);
  const logits = adversary.model.apply(parameters, { probabilities }, frozen)[adversary.model.outputs[0]];
  const judged = judgeAdversary(logits, withinPath(inputs, 'control'));
  const data = tf.sub(classes.loss, tf.mul(judged.loss, adversaryWeight)) as tf.Scalar;
  const penalty = regularisation(main.specs, parameters);
  return {
    loss: penalty === null ? data : (tf.add(data, penalty) as tf.Scalar),
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
  adversaryWeight: number,
  state: Tensors,
  inputs: Tensors,
): { state: Tensors; outputs: Tensors } {
  const { main } = players;
  const parameters = parametersOf(players, state);
  const { value, gradients, extra } = gradientsOf(main.specs, parameters, () => {
    const { loss, ...parts } = objective(players, adversaryWeight, parameters, inputs, inputs['seed']);
    return { value: loss, extra: parts };
  });
  const { gradient, means } = averaged(main, gradients, { loss: value, ...extra });
  return { state: { ...state, ...updated(main, gradient, state, inputs) }, outputs: means };
}
