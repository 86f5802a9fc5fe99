import { UserError } from '@hep/options';
import type { KerasWeights } from './keras-weights-read.ts';
import { sameShape, shapeText, type NamedTensor } from './named-tensor.ts';

/** A parameter that a model needs: its name (`[sub-model/]layer/weight`) and Keras shape. */
export interface ExpectedTensor {
  readonly name: string;
  readonly shape: readonly number[];
}

/**
 * Finds the tensor of every expected parameter in a weight file and returns the values by parameter name.
 *
 * Names must agree. Keras numbers layers through a session (`dense_3`), so when none of the names is missing except
 * for such numbers, the n-th layer of a kind stands for the n-th of that kind in the model.
 *
 * Throws a one-line `UserError` with file, tensor, expected and found shape when a tensor is missing, left over, of
 * another shape, or holds a value that is not finite.
 */
export function matchWeights(
  expected: readonly ExpectedTensor[],
  weights: KerasWeights,
): Record<string, Float32Array> {
  const found = new Map(flatten(weights).map((tensor) => [tensor.name, tensor]));
  const byName = expected.every(({ name }) => found.has(name))
    ? found
    : byKindAndOrder(expected, [...found.values()]);
  const result: Record<string, Float32Array> = {};
  for (const { name, shape } of expected) {
    const tensor = (byName ?? found).get(name);
    if (!tensor) throw new UserError(missing(weights.path, name, shape, found.size, expected.length));
    if (!sameShape(tensor.shape, shape)) {
      throw new UserError(
        `${weights.path}: tensor ${name} has shape ${shapeText(tensor.shape)}, expected ${shapeText(shape)}; ` +
          'these are the weights of another model',
      );
    }
    requireFinite(weights.path, name, tensor.values);
    result[name] = tensor.values;
  }
  if (found.size > expected.length) {
    const extra = [...found.values()].find(({ name }) => !expected.some((wanted) => wanted.name === name));
    throw new UserError(
      `${weights.path}: tensor ${extra?.name} of shape ${shapeText(extra?.shape ?? [])} is not part of the model ` +
        `(${found.size} tensors, expected ${expected.length}); these are the weights of another model`,
    );
  }
  return result;
}

/** All tensors under our names: layer and nested model in front, the cell of an LSTM left out. */
function flatten(weights: KerasWeights): NamedTensor[] {
  return [...weights.layers].flatMap(([layer, tensors]) =>
    tensors.map((tensor) => {
      const own = tensor.name.replace(/\/lstm_cell(_\d+)?\//, '/');
      return { ...tensor, name: own.startsWith(`${layer}/`) ? own : `${layer}/${own}` };
    }),
  );
}

/** `dense_3/kernel` -> `dense/kernel`. */
const kindOf = (name: string) => name.replace(/_\d+(?=\/)/g, '');

/** Pairs by kind and position; `undefined` unless every kind occurs equally often on both sides. */
function byKindAndOrder(
  expected: readonly ExpectedTensor[],
  found: readonly NamedTensor[],
): Map<string, NamedTensor> | undefined {
  if (expected.length !== found.length) return undefined;
  const waiting = new Map<string, NamedTensor[]>();
  for (const tensor of found)
    waiting.set(kindOf(tensor.name), [...(waiting.get(kindOf(tensor.name)) ?? []), tensor]);
  const pairs = new Map<string, NamedTensor>();
  for (const { name } of expected) {
    const tensor = waiting.get(kindOf(name))?.shift();
    if (!tensor) return undefined;
    pairs.set(name, tensor);
  }
  return pairs;
}

function missing(
  path: string,
  name: string,
  shape: readonly number[],
  found: number,
  needed: number,
): string {
  return (
    `${path}: tensor ${name} of shape ${shapeText(shape)} is missing ` +
    `(${found} tensors, the model needs ${needed}); these are the weights of another model`
  );
}

function requireFinite(path: string, name: string, values: Float32Array): void {
  const index = values.findIndex((value) => !Number.isFinite(value));
  if (index >= 0) {
    throw new UserError(
      `${path}: tensor ${name} holds ${values[index]} at element ${index}, expected a finite number; ` +
        'the file is damaged or the training diverged',
    );
  }
}
