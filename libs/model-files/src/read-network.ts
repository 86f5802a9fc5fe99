import { modelOf } from '@hep/nn';
import type { NetworkModel, Weights } from '@hep/nn';
import { UserError } from '@hep/options';
import { matchWeights } from './match-weights.ts';
import { networkFromModel } from './network-from-model.ts';
import type { FunctionalModel } from './keras-layer.ts';
import type { KerasWeights } from './keras-weights-read.ts';

/** A network and its weights. */
export interface ReadNetwork {
  readonly model: NetworkModel;
  readonly weights: Weights;
}

/**
 * The model of a description; `where` names the description in errors.
 * @throws UserError that names the layer when a class or a setting is not supported
 */
export function modelIn(where: string, description: FunctionalModel): NetworkModel {
  try {
    return modelOf(networkFromModel(description));
  } catch (error) {
    throw error instanceof UserError ? new UserError(`${where}: ${error.message}`) : error;
  }
}

/**
 * The network of a description with its weights.
 * @throws UserError that names file and layer or tensor when something is missing, left over or not supported
 */
export function networkWithWeights(
  where: string,
  description: FunctionalModel,
  stored: KerasWeights,
): ReadNetwork {
  const model = modelIn(where, description);
  const values = matchWeights(model.parameterSpecs, stored);
  const weights = model.parameterSpecs.map(
    ({ name, shape }) => [name, { shape, values: values[name] }] as const,
  );
  return { model, weights: Object.fromEntries(weights) };
}
