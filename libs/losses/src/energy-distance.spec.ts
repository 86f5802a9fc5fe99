import { OnnxRunner } from '@hep/engine';
import { tf } from '@hep/graph';
import { eagerRunner } from '@hep/nn';
import type { Runner, TensorFunction } from '@hep/nn';
import { expectClose } from '@hep/test-support';
import { energyDistance } from './energy-distance.ts';

interface Batch {
  readonly points: readonly (readonly number[])[];
  readonly isFirst: readonly number[];
  readonly weights: readonly number[];
}

const withGradient: TensorFunction = ({ points, isFirst, weights }) => ({
  distance: energyDistance(points, isFirst, weights),
  gradient: tf.grad((x) => energyDistance(x, isFirst, weights))(points),
});

async function measured(runner: Runner, { points, isFirst, weights }: Batch) {
  const { distance, gradient } = await runner.run(withGradient, {
    points: { shape: [points.length, points[0].length], values: points.flat() },
    isFirst: { shape: [isFirst.length, 1], values: isFirst },
    weights: { shape: [weights.length], values: weights },
  });
  return { distance: distance.values[0], gradient: gradient.values };
}

/** The definition, pair by pair. */
function byPairs({ points, isFirst, weights }: Batch): number {
  const mean = (one: number, other: number) => {
    let [sum, pairs] = [0, 0];
    points.forEach((x, i) =>
      points.forEach((y, j) => {
        if (i === j || isFirst[i] !== one || isFirst[j] !== other) return;
        sum += weights[i] * weights[j] * Math.hypot(...x.map((value, k) => value - y[k]));
        pairs += weights[i] * weights[j];
      }),
    );
    return sum / pairs;
  };
  return 1 - (mean(1, 1) + mean(0, 0)) / (2 * mean(1, 0));
}

/** Points that look random, those of the first sample moved by `shift`. */
function batch(rows: number, shift: number): Batch {
  const isFirst = Array.from({ length: rows }, (_, i) => i % 2);
  return {
    points: isFirst.map((first, i) => [0, 1, 2].map((k) => Math.sin(12.9 * i * (k + 1)) * 3 + first * shift)),
    isFirst,
    weights: isFirst.map((_, i) => 1 + (i % 3)),
  };
}

const onnxRunner = new OnnxRunner();
afterAll(() => onnxRunner.close());

describe.each<Runner>([eagerRunner, onnxRunner])('energy distance on $name', (runner) => {
  it('is that of all pairs of different points', async () => {
    for (const shift of [0, 0.5, 4]) {
      const { distance } = await measured(runner, batch(40, shift));
      expectClose([distance], [byPairs(batch(40, shift))], { absolute: 1e-5 });
    }
  });

  it('falls along its gradient', async () => {
    const some = batch(40, 1);
    const { distance, gradient } = await measured(runner, some);
    const points = some.points.map((point, i) => point.map((value, k) => value - 0.5 * gradient[3 * i + k]));
    expect((await measured(runner, { ...some, points })).distance).toBeLessThan(distance);
  });
});

it('does not see the scale of points and weights', async () => {
  const some = batch(20, 1);
  const scaled = {
    ...some,
    points: some.points.map((point) => point.map((value) => 7 * value - 3)),
    weights: some.weights.map((weight) => 5 * weight),
  };
  const [one, other] = [await measured(eagerRunner, some), await measured(eagerRunner, scaled)];
  expectClose([one.distance], [other.distance], { absolute: 1e-5 });
});

it.each([
  ['no point of the second sample', [1, 1, 1], [1, 1, 1]],
  ['no point of the first sample', [0, 0, 0], [1, 1, 1]],
  ['a sample without weight', [1, 0, 0], [0, 1, 1]],
])('is 0 with %s, and asks for no change', async (_, isFirst, weights) => {
  const points = [[1], [2], [4]];
  const { distance, gradient } = await measured(eagerRunner, { points, isFirst, weights });
  expect(distance).toBeCloseTo(0, 12);
  expectClose(gradient, [0, 0, 0], { absolute: 0 });
});

it('has a finite gradient for single and for equal points', async () => {
  for (const points of [
    [[1], [1], [1]],
    [[1], [2], [3]],
  ]) {
    const { distance, gradient } = await measured(eagerRunner, {
      points,
      isFirst: [1, 0, 0],
      weights: [1, 2, 1],
    });
    expect([distance, ...gradient].every(Number.isFinite)).toBe(true);
  }
});
