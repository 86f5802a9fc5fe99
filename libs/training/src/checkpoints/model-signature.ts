import type { HostState } from '@hep/engine';
import { UserError } from '@hep/options';

/** Name and dimensions of a float32 tensor. */
export interface TensorShape {
  readonly name: string;
  readonly shape: readonly number[];
}

/** What makes two checkpoints interchangeable: the model's name, its parameters, and the tensors of the state. */
export interface ModelSignature {
  readonly name: string;
  readonly parameters: readonly TensorShape[];
  readonly state: readonly TensorShape[];
}

/** Signature of a model and its training state. `parameters` are the state's tensors unless the model lists its own. */
export function modelSignature(
  name: string,
  state: HostState,
  parameters?: readonly TensorShape[],
): ModelSignature {
  const tensors = Object.entries(state).map(([tensor, { shape }]) => ({ name: tensor, shape: [...shape] }));
  return {
    name,
    parameters: (parameters ?? tensors).map((parameter) => ({
      name: parameter.name,
      shape: [...parameter.shape],
    })),
    state: tensors,
  };
}

/**
 * Checks that a checkpoint fits the model.
 * @throws UserError that tells the first difference
 */
export function requireSameModel(path: string, found: ModelSignature, expected: ModelSignature): void {
  const difference =
    (found.name !== expected.name && `its model is "${found.name}", this run's is "${expected.name}"`) ||
    firstDifference('parameter', found.parameters, expected.parameters) ||
    firstDifference('state tensor', found.state, expected.state);
  if (!difference) return;
  throw new UserError(
    `${path}: checkpoint of another model, ${difference}; use one of this model, or the options of that run`,
  );
}

function firstDifference(
  kind: string,
  found: readonly TensorShape[],
  expected: readonly TensorShape[],
): string | undefined {
  const theirs = new Map(found.map((tensor) => [tensor.name, tensor]));
  for (const { name, shape } of expected) {
    const other = theirs.get(name);
    if (other === undefined) return `it lacks the ${kind} ${name}`;
    if (other.shape.join() !== shape.join()) {
      return `its ${kind} ${name} is ${describe(other.shape)}, this model's is ${describe(shape)}`;
    }
    theirs.delete(name);
  }
  const [surplus] = theirs.keys();
  return surplus === undefined ? undefined : `this model lacks its ${kind} ${surplus}`;
}

function describe(shape: readonly number[]): string {
  return shape.length === 0 ? 'a scalar' : shape.join('x');
}
