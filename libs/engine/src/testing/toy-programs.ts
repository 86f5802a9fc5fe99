/** Small programs that use every feature of a training step; written with bare tfjs. */
import { allReduceMean, earthMoversDistance, seededUniform, tf } from '@hep/graph';
import type { Tensors } from '@hep/graph';
import type { Program } from '../program.ts';
import type { Dataset, HostState } from '../trainer.ts';

const FEATURES = 6;
const HIDDEN = 8;

/** Deterministic numbers in [-1, 1). */
export function numbers(count: number, seed: number): Float32Array {
  let state = seed >>> 0;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 32) * 2 - 1;
  });
}

const tensor = (shape: number[], seed: number, scale = 0.5) => ({
  shape,
  values: numbers(
    shape.reduce((a, b) => a * b, 1),
    seed,
  ).map((value) => value * scale),
});

/** Inputs x [rows, 6] and target [rows, 1]. */
export function toyData(rows: number): Dataset {
  const x = numbers(rows * FEATURES, 7);
  const target = Float32Array.from(
    { length: rows },
    (_, row) => Math.sin(x[row * FEATURES]! * 2) + x[row * FEATURES + 1]!,
  );
  return {
    rows,
    columns: { x: { rowShape: [FEATURES], values: x }, target: { rowShape: [1], values: target } },
  };
}

/** A program with a tally: how many targets lie below and above 0, and the sums of the features of either kind. */
export function withTally(program: Program): Program {
  const counted = ({ x, target }: Tensors) => {
    const above = tf.cast(tf.greater(target!, 0), 'float32');
    const kinds = tf.concat([tf.sub(1, above), above], 1);
    return tf.concat([tf.matMul(kinds, kinds, true), tf.matMul(kinds, x!, true)], 1);
  };
  return {
    ...program,
    step: (state, columns) => {
      const { outputs, state: next } = program.step(state, columns);
      return { outputs: { ...outputs, kinds: counted(columns) }, state: next };
    },
    evaluate: (state, columns) => {
      const { outputs } = program.evaluate!(state, columns);
      return { outputs: { ...outputs, kinds: counted(columns) }, state: {} };
    },
  };
}

const inputs: Program['inputs'] = {
  x: { shape: [{ batch: 1 }, FEATURES], dtype: 'float32' },
  target: { shape: [{ batch: 1 }, 1], dtype: 'float32' },
};

function momentum(state: Tensors, gradients: Tensors, learningRate: tf.Tensor): Tensors {
  return Object.fromEntries(
    Object.entries(gradients).flatMap(([name, gradient]) => {
      const velocity = tf.sub(tf.mul(state[`velocity/${name}`]!, 0.9), tf.mul(gradient, learningRate));
      return [
        [`velocity/${name}`, velocity],
        [name, tf.add(state[name]!, velocity)],
      ];
    }),
  );
}

function withVelocities(parameters: HostState): HostState {
  const zeros = Object.entries(parameters).map(([name, { shape, values }]) => [
    `velocity/${name}`,
    { shape, values: new Float32Array(values.length) },
  ]);
  return { ...parameters, ...Object.fromEntries(zeros) };
}

function gradientsBy(names: readonly string[], state: Tensors, loss: (parameters: Tensors) => tf.Scalar) {
  const operands = names.map((name) => state[name]!);
  const { value, grads } = tf.valueAndGrads((...values: tf.Tensor[]) =>
    loss(Object.fromEntries(names.map((name, index) => [name, values[index]!]))),
  )(operands);
  const [averagedLoss, ...averaged] = allReduceMean([value, ...grads]);
  return {
    loss: averagedLoss!,
    gradients: Object.fromEntries(names.map((name, index) => [name, averaged[index]!])) as Tensors,
  };
}

function predict(parameters: Tensors, x: tf.Tensor, mask?: tf.Tensor): tf.Tensor {
  const hidden = tf.tanh(
    tf.add(tf.matMul(x as tf.Tensor2D, parameters['w1'] as tf.Tensor2D), parameters['b1']!),
  );
  const kept = mask === undefined ? hidden : tf.mul(hidden, mask);
  return tf.matMul(kept as tf.Tensor2D, parameters['w2'] as tf.Tensor2D);
}

const squaredError = (a: tf.Tensor, b: tf.Tensor) => tf.mean(tf.squaredDifference(a, b)) as tf.Scalar;

/** Regression with one hidden layer, momentum, seeded dropout and a penalty that a scalar of its own weighs. */
export function regression(options: { dropout: boolean; penalty?: boolean }): Program {
  const names = ['w1', 'b1', 'w2'];
  return {
    name: 'regression',
    inputs,
    scalars: options.penalty ? ['strength'] : [],
    initialState: withVelocities({
      w1: tensor([FEATURES, HIDDEN], 1),
      b1: tensor([HIDDEN], 2),
      w2: tensor([HIDDEN, 1], 3),
    }),
    step: (state, { x, target, learningRate, seed, strength }) => {
      const { loss, gradients } = gradientsBy(names, state, (parameters) => {
        const rows = x!.shape[0]!;
        const mask = options.dropout
          ? tf.mul(tf.cast(tf.greaterEqual(seededUniform([rows, HIDDEN], seed!, 0), 0.25), 'float32'), 4 / 3)
          : undefined;
        const error = squaredError(predict(parameters, x!, mask), target!);
        return options.penalty ? tf.add(error, tf.mul(tf.sum(tf.abs(parameters['w1']!)), strength!)) : error;
      });
      return { outputs: { loss }, state: momentum(state, gradients, learningRate!) };
    },
    evaluate: (state, { x, target }) => ({ outputs: { loss: squaredError(predict(state, x!), target!) } }),
  };
}

/** A hidden layer wide enough that replicas divide the update. */
const WIDE = 2500;

/** Regression with all parameters in one vector, momentum of every element, and rates that differ. */
export function flatRegression(): Program {
  const sizes = [FEATURES * WIDE, WIDE, WIDE];
  const length = FEATURES * WIDE + 2 * WIDE;
  const rates = numbers(length, 5).map((value) => 1.5 + value);
  const shaped = (flat: tf.Tensor): Tensors => {
    const [w1, b1, w2] = tf.split(flat, sizes);
    return { w1: tf.reshape(w1!, [FEATURES, WIDE]), b1: b1!, w2: tf.reshape(w2!, [WIDE, 1]) };
  };
  return {
    name: 'flat regression',
    inputs,
    initialState: withVelocities({ all: tensor([length], 6, 0.02) }),
    step: (state, { x, target, learningRate }) => {
      const { loss, gradients } = gradientsBy(['all'], state, ({ all }) =>
        squaredError(predict(shaped(all!), x!), target!),
      );
      const rate = tf.mul(learningRate!, tf.mul(tf.tensor1d(rates), 0.02));
      return { outputs: { loss }, state: momentum(state, gradients, rate) };
    },
    evaluate: (state, { x, target }) => ({
      outputs: { loss: squaredError(predict(shaped(state['all']!), x!), target!) },
    }),
  };
}

/** Two averages in a row: an adversary learns first, then the main network against the updated adversary. */
export function adversarial(): Program {
  const main = ['w1', 'b1', 'w2'];
  const adversary = ['a'];
  return {
    name: 'adversarial',
    inputs,
    initialState: withVelocities({
      w1: tensor([FEATURES, HIDDEN], 1),
      b1: tensor([HIDDEN], 2),
      w2: tensor([HIDDEN, 1], 3),
      a: tensor([1, 1], 4),
    }),
    step: (state, { x, target, learningRate }) => {
      const score = (parameters: Tensors, prediction: tf.Tensor) =>
        squaredError(
          tf.matMul(prediction as tf.Tensor2D, parameters['a'] as tf.Tensor2D),
          tf.slice(x!, [0, 2], [-1, 1]),
        );
      const first = gradientsBy(adversary, state, (parameters) => score(parameters, predict(state, x!)));
      const trained: Tensors = { ...state, ...momentum(state, first.gradients, learningRate!) };
      const second = gradientsBy(main, trained, (parameters) => {
        const prediction = predict(parameters, x!);
        return tf.sub(
          squaredError(prediction, target!),
          tf.mul(score(trained, prediction), 0.1),
        ) as tf.Scalar;
      });
      return {
        outputs: { loss: second.loss, adversaryLoss: first.loss },
        state: { ...trained, ...momentum(trained, second.gradients, learningRate!) },
      };
    },
  };
}

/** Histograms of a network against others by optimal transport, which the host computes. */
export function transport(): Program {
  const names = ['w1', 'b1', 'w2'];
  const bins = 3;
  const metric = [0, 1, 2, 1, 0, 1, 2, 1, 0];
  const loss = (parameters: Tensors, x: tf.Tensor): tf.Scalar => {
    const expected = tf.softmax(tf.slice(x, [0, 0], [-1, bins]));
    const distances = earthMoversDistance(expected, tf.softmax(predict(parameters, x)), metric);
    return tf.mean(tf.square(distances)) as tf.Scalar;
  };
  return {
    name: 'transport',
    inputs,
    initialState: withVelocities({
      w1: tensor([FEATURES, HIDDEN], 1),
      b1: tensor([HIDDEN], 2),
      w2: tensor([HIDDEN, bins], 3),
    }),
    step: (state, { x, learningRate }) => {
      const found = gradientsBy(names, state, (parameters) => loss(parameters, x!));
      return { outputs: { loss: found.loss }, state: momentum(state, found.gradients, learningRate!) };
    },
    evaluate: (state, { x }) => ({ outputs: { loss: loss(state, x!) } }),
  };
}
