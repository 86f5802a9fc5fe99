import { tf } from '@hep/graph';
import { arrangements } from '@hep/hgcal-geometry';
import type { Arrangement } from '@hep/hgcal-geometry';
import { eagerRunner } from '@hep/nn';
import type { PerSampleLoss, TensorFunction } from '@hep/nn';
import { expectClose } from '@hep/test-support';
import { telescope } from './telescope.ts';
import { goldenArray } from './testing/golden.ts';
import { weightedMse } from './weighted-mse.ts';

/** Losses per sample and the gradient of their sum with respect to the prediction. */
function withGradient(loss: PerSampleLoss): TensorFunction {
  return ({ target, prediction }) => {
    const gradient = tf.grad((y) => tf.sum(loss(target, y)))(prediction);
    return { losses: loss(target, prediction), gradient };
  };
}

const golden = (name: string) => goldenArray('losses', name);

describe('telescope agrees with the reference', () => {
  it.each(['8x8', '4x4x3', '6x6x3'] as const)('%s', async (name) => {
    const arrangement: Arrangement = arrangements[name];
    const { losses, gradient } = await eagerRunner.run(withGradient(telescope(arrangement)), {
      target: golden(`tele_${name}_true`),
      prediction: golden(`tele_${name}_pred`),
    });
    expectClose(losses.values, golden(`tele_${name}_loss`).values, { relative: 2e-6 }, 'losses');
    const limits = { relative: 1e-5, absolute: 1e-7 };
    expectClose(gradient.values, golden(`tele_${name}_grad`).values, limits, 'gradient');
  });
});

describe('weighted MSE agrees with the reference', () => {
  it('values', async () => {
    const { losses } = await eagerRunner.run(withGradient(weightedMse), {
      target: golden('tele_8x8_true'),
      prediction: golden('tele_8x8_pred'),
    });
    expect(losses.shape).toEqual([32]);
  });
});
