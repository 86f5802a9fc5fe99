import { tf } from '@hep/graph';
import { Context, gradientsOf, regularisation } from '@hep/nn';
import { judgeAdversary } from './adversarial-losses.ts';
import { averaged, parametersOf, updated } from './players.ts';
import type { Players, Tensors } from './players.ts';

/**
 * One update of the adversary on a control region sample. The tagger is frozen, its dropout acts; the adversary's
 * BatchNormalization uses and tracks the batch's statistics.
 * @param application first part of the names of the dropout layers, so that each application draws its own numbers
 * @returns next state; `discriminatorLoss` (with the tagger's constant penalty) and `discriminatorAccuracy`
 */
export function discriminatorStep(
  players: Players,
  application: string,
  state: Tensors,
  inputs: Tensors,
): { state: Tensors; outputs: Tensors } {
  const { main, adversary } = players;
  const parameters = parametersOf(players, state);
  const frozen = new Context(true, inputs['seed'], application);
  const probabilities = tf.softmax(main.model.apply(parameters, inputs, frozen)[main.model.outputs[0]]);
  const { value, gradients, extra } = gradientsOf(adversary.specs, parameters, () => {
    const context = new Context(true);
    const logits = adversary.model.apply(parameters, { probabilities }, context)[adversary.model.outputs[0]];
    const { loss, accuracy } = judgeAdversary(logits, inputs);
    return { value: loss, extra: { accuracy, ...Object.fromEntries(context.updates) } };
  });
  const { gradient, means } = averaged(adversary, gradients, { loss: value, ...extra });
  const { loss, accuracy, ...statistics } = means;
  const penalty = regularisation(main.specs, parameters);
  return {
    state: { ...state, ...updated(adversary, gradient, state, inputs), ...statistics },
    outputs: {
      discriminatorLoss: penalty === null ? loss : tf.add(loss, penalty),
      discriminatorAccuracy: accuracy,
    },
  };
}
