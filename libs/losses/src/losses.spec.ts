import { tf } from '@hep/graph';
import { arrangements, superCells } from '@hep/hgcal-geometry';
import type { Arrangement } from '@hep/hgcal-geometry';
import { eagerRunner } from '@hep/nn';
import type { PerSampleLoss } from '@hep/nn';
import { expectClose, goldenJson, goldenNpy } from '@hep/test-support';
import {
  binaryCrossEntropy,
  binaryCrossEntropyOfLogits,
  categoricalCrossEntropy,
  categoricalCrossEntropyOfLogits,
  huber,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredError,
  meanSquaredLogarithmicError,
  rootMeanSquaredError,
  scaledErrors,
  smoothL1,
} from './keras-losses.ts';
import { maximumWeightedMse } from './maximum-mse.ts';
import { telescope } from './telescope.ts';
import { withGradient } from './testing/golden-runs.ts';
import { weightedMse } from './weighted-mse.ts';

const golden = (name: string) => goldenNpy('losses', `${name}.npy`);
const limits = { relative: 1e-5, absolute: 1e-7 };

/** Loss and gradient of one sample. */
async function single(loss: PerSampleLoss, shape: readonly number[], target: number[], prediction: number[]) {
  return eagerRunner.run(withGradient(loss), {
    target: { shape: [1, ...shape], values: target },
    prediction: { shape: [1, ...shape], values: prediction },
  });
}

/** Charges in the order of the cells. */
const plain: Arrangement = {
  shape: [48, 1, 1],
  cells: arrangements['4x4x3'].cells.map(
    (_, i) => arrangements['4x4x3'].cells[(i % 16) * 3 + Math.floor(i / 16)],
  ),
  visible: Array<boolean>(48).fill(true),
  defining: Array<boolean>(48).fill(true),
};

describe('telescope', () => {
  it.each(['8x8', '4x4x3', '6x6x3'] as const)('agrees with the reference on %s', async (name) => {
    const { losses, gradient } = await eagerRunner.run(withGradient(telescope(arrangements[name])), {
      target: golden(`tele_${name}_true`),
      prediction: golden(`tele_${name}_pred`),
    });
    expectClose(losses.values, golden(`tele_${name}_loss`).values, { relative: 2e-6 }, 'losses');
    expectClose(gradient.values, golden(`tele_${name}_grad`).values, limits, 'gradient');
  });

  it('agrees with the reference on charges', async () => {
    const { losses, gradient } = await eagerRunner.run(withGradient(telescope(plain)), {
      target: golden('calq_true_f32'),
      prediction: golden('calq_pred_f32'),
    });
    expectClose(losses.values, golden('tele2_loss').values, { relative: 2e-6 }, 'losses');
    expectClose(gradient.values, golden('tele2_grad').values, limits, 'gradient');
  });

  it('has the values of the specification', async () => {
    const ramp = Array.from({ length: 64 }, (_, p) => p / 100);
    const { losses, gradient } = await single(
      telescope(arrangements['8x8']),
      [8, 8, 1],
      ramp,
      [...ramp].reverse(),
    );
    expectClose(losses.values, [187.7537689], { relative: 1e-6 });
    const first = [42.0329247, 42.3172073, 42.1221275, 42.0821419];
    expectClose(gradient.values.slice(0, 4), first, { relative: 1e-6 });
  });

  it('is the sum in the README', async () => {
    const { losses } = await single(
      telescope(arrangements['8x8']),
      [64],
      Array<number>(64).fill(0),
      Array<number>(64).fill(1),
    );
    expectClose(losses.values, [4 + ((2 * 12.5625) / 36) * 4 ** 3 + 16 ** 3], { relative: 1e-6 });
  });

  it('weighs super cells by how often they hold a cell when derived', async () => {
    const cell = (index: number) => Array.from({ length: 48 }, (_, i) => (i === index ? 1 : 0));
    const expected = (weights: 'reference' | 'derived', index: number) => {
      const fours = superCells(weights).filter(({ cells }) => (cells as readonly number[]).includes(index));
      return 4 / 48 + (2 / 36) * fours.reduce((sum, { weight }) => sum + weight, 0) + 1 / 3;
    };
    for (const weights of ['reference', 'derived'] as const) {
      const { losses } = await single(telescope(plain, weights), [48], Array<number>(48).fill(0), cell(7));
      expectClose(losses.values, [expected(weights, 7)], { relative: 1e-6 }, weights);
    }
    expect(expected('derived', 7)).not.toBeCloseTo(expected('reference', 7), 4);
  });
});

describe('weighted MSE', () => {
  it('agrees with the reference on images', async () => {
    const { losses, gradient } = await eagerRunner.run(withGradient(weightedMse), {
      target: golden('tele_8x8_true'),
      prediction: golden('tele_8x8_pred'),
    });
    const perPixel = golden('wmse_8x8_loss').values;
    const means = losses.values.map(
      (_, i) => perPixel.slice(i * 64, i * 64 + 64).reduce((a, b) => a + b) / 64,
    );
    expectClose(losses.values, means, { relative: 2e-6 });
    const perSample = golden('wmse_8x8_grad').values.map((value) => value / 64);
    expectClose(gradient.values, perSample, limits);
    const mean = losses.values.reduce((a, b) => a + b) / losses.values.length;
    expect(mean).toBeCloseTo(goldenJson<number>('losses', 'wmse_8x8_kerasmean.json'), 6);
  });

  it('agrees with the reference on charges', async () => {
    const { losses, gradient } = await eagerRunner.run(withGradient(weightedMse), {
      target: golden('calq_true_f32'),
      prediction: golden('calq_pred_f32'),
    });
    expectClose(losses.values, golden('wmse48_loss').values, { relative: 2e-6 });
    expectClose(gradient.values, golden('wmse48_grad').values, limits);
  });

  it('gives the gradient of the maximum to the prediction on ties', async () => {
    const tie = goldenJson<Record<'true' | 'pred' | 'loss' | 'grad', number[][]>>('losses', 'wmse_tie.json');
    const { losses, gradient } = await eagerRunner.run(withGradient(weightedMse), {
      target: { shape: [2, 2], values: tie.true.flat() },
      prediction: { shape: [2, 2], values: tie.pred.flat() },
    });
    expectClose(losses.values, tie.loss.flat(), { absolute: 1e-7 });
    expectClose(gradient.values, tie.grad.flat(), { absolute: 1e-7 });
  });
});

describe('squared error weighted by the maximum', () => {
  it('is the mean over the cells times the largest pixel of the target', async () => {
    const target = Array.from({ length: 48 }, (_, i) => (i === 7 ? 0.8 : i === 20 ? 0.2 : 0));
    const prediction = Array.from({ length: 48 }, (_, i) => (i === 7 ? 0.5 : i === 21 ? 0.1 : 0));
    const { losses, gradient } = await single(maximumWeightedMse(plain), [48, 1, 1], target, prediction);
    expectClose(losses.values, [((0.09 + 0.04 + 0.01) / 48) * 0.8], { relative: 1e-6 });
    const expected = prediction.map((y, i) => ((2 * (y - target[i]!)) / 48) * 0.8);
    expectClose(gradient.values, expected, { absolute: 1e-8 });
  });

  it('does not see hidden pixels', async () => {
    const loss = maximumWeightedMse(arrangements['8x8']);
    const { visible } = arrangements['8x8'];
    const wrong = visible.map((isVisible) => (isVisible ? 0.5 : 1));
    const target = visible.map(() => 0.5);
    const { losses } = await single(loss, [8, 8, 1], target, wrong);
    expectClose(losses.values, [0], {});
  });
});

describe('losses of Keras', () => {
  const regressions: Record<string, PerSampleLoss> = {
    mse: meanSquaredError,
    mae: meanAbsoluteError,
    mape: meanAbsolutePercentageError,
    msle: meanSquaredLogarithmicError,
    huber: huber(),
  };

  it.each(Object.entries(regressions))('%s', async (name, loss) => {
    const { losses } = await eagerRunner.run(
      ({ target, prediction }) => ({ losses: loss(target, prediction) }),
      {
        target: { shape: [1, 40], values: golden('reg_true').values },
        prediction: { shape: [1, 40], values: golden('reg_pred').values },
      },
    );
    const expected = goldenJson<Record<string, number>>('losses', 'reg_losses.json')[name];
    expectClose(losses.values, [expected], { relative: 1e-6 });
  });

  it('SmoothL1 is a parabola inside of beta and a line beyond', async () => {
    const { losses } = await single(smoothL1(0.5), [2], [0, 0], [0.1, -2]);
    expectClose(losses.values, [(0.1 ** 2 / 1 + (2 - 0.25)) / 2], { relative: 1e-6 });
  });

  it('errors count by their factors, and the root of a squared error has a gradient at zero', async () => {
    const scaled = await single(scaledErrors(meanSquaredError, [1, 10]), [2], [0, 0], [1, 1]);
    expectClose(scaled['losses'].values, [(1 + 100) / 2], { relative: 1e-6 });
    const root = await single(rootMeanSquaredError, [2], [1, 2], [1, 2]);
    expectClose(root['gradient'].values, [0, 0], { absolute: 1e-6 });
    const apart = await single(rootMeanSquaredError, [2], [0, 0], [3, 4]);
    expectClose(apart['losses'].values, [Math.sqrt(12.5)], { relative: 1e-6 });
  });

  it('binary cross-entropy stays finite at certainty', async () => {
    const { losses } = await single(binaryCrossEntropy, [1], [1], [0.25]);
    expectClose(losses.values, [-Math.log(0.25)], { relative: 1e-6 });
    const wrong = await single(binaryCrossEntropy, [1], [1], [0]);
    expectClose(wrong['losses'].values, [-Math.log(2e-7)], { relative: 1e-5 });
  });

  it('categorical cross-entropy normalises', async () => {
    const { losses } = await single(categoricalCrossEntropy, [3], [0, 1, 0], [1, 2, 1]);
    expectClose(losses.values, [Math.log(2)], { relative: 1e-6 });
  });

  it('cross-entropies of logits agree with those of probabilities and keep a gradient', async () => {
    const binary = await single(binaryCrossEntropyOfLogits, [2], [1, 0], [0.5, -40]);
    expectClose(binary['losses'].values, [Math.log(1 + Math.exp(-0.5)) / 2], { relative: 1e-6 });
    const wrong = await single(binaryCrossEntropyOfLogits, [1], [1], [-40]);
    expectClose(wrong['gradient'].values, [-1], { relative: 1e-6 });
    const classes = await single(categoricalCrossEntropyOfLogits, [3], [0, 1, 0], [0, Math.log(2), 0]);
    expectClose(classes['losses'].values, [Math.log(2)], { relative: 1e-6 });
  });
});

describe('shapes', () => {
  it('every loss returns one number per sample', () => {
    const shape: [number, number, number, number] = [3, 8, 8, 1];
    const arrangement = arrangements['8x8'];
    const onImages = [telescope(arrangement), maximumWeightedMse(arrangement)];
    for (const loss of [weightedMse, meanSquaredError, binaryCrossEntropy, ...onImages]) {
      expect(tf.tidy(() => loss(tf.fill(shape, 0.5), tf.fill(shape, 0.25)).shape)).toEqual([3]);
    }
  });
});
