import type { tf } from '@hep/graph';
import { expectClose } from '@hep/test-support';
import fc from 'fast-check';
import { zeros } from '../initialisers.ts';
import type { HostTensor, ParameterSpec } from '../parameters.ts';
import { eagerRunner } from '../runner.ts';
import { initialSlots } from '../state-layout.ts';
import { updateParameters } from '../update.ts';
import { adam } from './adam.ts';
import { orthonormalBasis } from './orthonormal-basis.ts';
import type { Optimiser } from './optimiser.ts';
import { soap } from './soap.ts';

const spec = (name: string, ...shape: number[]): ParameterSpec => ({
  name,
  shape,
  trainable: true,
  initialiser: zeros,
});
const WEIGHTS = [spec('kernel', 3, 2), spec('bias', 2)];
const COUNT = 8;

type State = Record<string, HostTensor>;

const start = (optimiser: Optimiser): State => ({
  trainable: { shape: [COUNT], values: new Float32Array(COUNT) },
  ...initialSlots(optimiser, WEIGHTS),
});

/** State after some gradients, of which the first has number `step`. */
async function follow(
  optimiser: Optimiser,
  from: State,
  gradients: readonly number[][],
  step = 1,
): Promise<State> {
  let state = from;
  for (const [i, gradient] of gradients.entries()) {
    state = (await eagerRunner.run(
      ({ gradient: vector, learningRate, step: number, ...rest }) =>
        updateParameters({ optimiser, trainable: WEIGHTS }, vector as tf.Tensor1D, rest, {
          learningRate,
          step: number,
        }),
      {
        ...state,
        gradient: { shape: [COUNT], values: gradient },
        learningRate: { shape: [], values: [0.01] },
        step: { shape: [], values: [step + i] },
      },
    )) as State;
  }
  return state;
}

/** Gradients of a kernel [3, 2] and a bias [2]. */
const GRADIENTS = Array.from({ length: 12 }, (_, t) =>
  Array.from({ length: COUNT }, (_value, i) => Math.sin(3 * t + 5 * i * i + 1) * (1 + i)),
);

/** Left * kernel * right^T of a gradient; the bias stays. */
function turned(
  gradient: readonly number[],
  left: readonly number[][],
  right: readonly number[][],
): number[] {
  const kernel = left.flatMap((row) =>
    right.map((column) =>
      row.reduce(
        (sum, a, i) => sum + column.reduce((part, b, j) => part + a * gradient[2 * i + j] * b, 0),
        0,
      ),
    ),
  );
  return [...kernel, ...gradient.slice(6)];
}

const refreshed = (optimiser: Optimiser, state: State): State => {
  const slots = Object.fromEntries(optimiser.slots.map(({ name }) => [name, state[`slot/${name}`]]));
  const { bases } = optimiser.upkeep!.refresh(WEIGHTS, slots);
  return { ...state, 'slot/bases': bases };
};

describe('soap', () => {
  it('is Adam as long as its basis is that of the parameters', async () => {
    const [optimiser, other] = [soap({ beta1: 0.9 }), adam({ beta1: 0.9, beta2: 0.99, epsilon: 1e-12 })];
    const own = await follow(optimiser, start(optimiser), GRADIENTS);
    const plain = await follow(other, start(other), GRADIENTS);
    expectClose(own['trainable'].values, plain['trainable'].values, { absolute: 1e-6 });
  });

  it('updates the same parameters in any orthonormal coordinates once its basis is that of the covariances', async () => {
    const [c, s] = [Math.cos(0.7), Math.sin(0.7)];
    const left = [
      [c, 0, s],
      [0, 1, 0],
      [-s, 0, c],
    ];
    const right = [
      [c, -s],
      [s, c],
    ];
    const optimiser = soap();
    const run = async (gradients: readonly number[][]) => {
      let state = await follow(optimiser, start(optimiser), gradients);
      for (let i = 0; i < 200; i++) state = refreshed(optimiser, state);
      // Moments so far are those of other coordinates.
      state = {
        ...state,
        ...Object.fromEntries(
          ['trainable', 'slot/momentum', 'slot/velocity'].map((name) => [name, start(optimiser)[name]]),
        ),
      };
      return (await follow(optimiser, state, gradients)).trainable.values;
    };
    const plain = await run(GRADIENTS);
    const moved = await run(GRADIENTS.map((gradient) => turned(gradient, left, right)));
    expectClose(moved, turned([...plain], left, right), { absolute: 2e-5 });
    const adamOf = async (gradients: readonly number[][]) =>
      (await follow(adam(), start(adam()), gradients)).trainable.values;
    const apart = turned([...(await adamOf(GRADIENTS))], left, right);
    const adamMoved = await adamOf(GRADIENTS.map((gradient) => turned(gradient, left, right)));
    expect(Math.max(...adamMoved.map((value, i) => Math.abs(value - apart[i])))).toBeGreaterThan(1e-3);
  });
});

describe('orthonormalBasis', () => {
  const SIZE = 5;
  const numbers = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), {
    minLength: SIZE * SIZE,
    maxLength: SIZE * SIZE,
  });
  const unit = () => Float32Array.from({ length: SIZE * SIZE }, (_, i) => (i % (SIZE + 1) === 0 ? 1 : 0));
  const at = (matrix: ArrayLike<number>, i: number, j: number) => matrix[i * SIZE + j];
  const range = Array.from({ length: SIZE }, (_, i) => i);

  it('is orthonormal whatever the matrix, singular ones included', () => {
    fc.assert(
      fc.property(numbers, fc.integer({ min: 0, max: SIZE }), (root, rank) => {
        const matrix = Float32Array.from({ length: SIZE * SIZE }, (_, at_) => {
          const [i, j] = [Math.floor(at_ / SIZE), at_ % SIZE];
          return range.slice(0, rank).reduce((sum, k) => sum + root[i * SIZE + k] * root[j * SIZE + k], 0);
        });
        const basis = orthonormalBasis(matrix, unit(), SIZE);
        for (const i of range) {
          for (const j of range) {
            const dot = range.reduce((sum, k) => sum + at(basis, k, i) * at(basis, k, j), 0);
            expect(Math.abs(dot - (i === j ? 1 : 0))).toBeLessThan(1e-5);
          }
        }
      }),
    );
  });

  it('ends at the eigenvectors, the largest eigenvalue first, and stays there', () => {
    const values = [9, 5, 2, 1, 0.1];
    const vectors = orthonormalBasis(
      Float32Array.from(
        { length: SIZE * SIZE },
        (_, i) => Math.cos(i) + Math.cos((i % SIZE) * SIZE + Math.floor(i / SIZE)),
      ),
      unit(),
      SIZE,
    );
    const matrix = Float32Array.from({ length: SIZE * SIZE }, (_, i) =>
      range.reduce(
        (sum, k) => sum + values[k] * at(vectors, Math.floor(i / SIZE), k) * at(vectors, i % SIZE, k),
        0,
      ),
    );
    let basis = unit();
    for (let i = 0; i < 100; i++) basis = orthonormalBasis(matrix, basis, SIZE) as typeof basis;
    const alongs = range.map((k) =>
      Math.abs(range.reduce((sum, i) => sum + at(basis, i, k) * at(vectors, i, k), 0)),
    );
    expectClose(alongs, [1, 1, 1, 1, 1], { absolute: 1e-5 });
    expectClose(orthonormalBasis(matrix, basis, SIZE), basis, { absolute: 1e-5 });
  });
});
