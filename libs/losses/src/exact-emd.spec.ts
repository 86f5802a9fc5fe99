import { arrangements, imageFromCharges, triggerCellDistances } from '@hep/hgcal-geometry';
import { eagerRunner } from '@hep/nn';
import { createEmdSolver } from '@hep/optimal-transport';
import { expectClose, goldenNpy } from '@hep/test-support';
import { exactEmd } from './exact-emd.ts';
import { withGradient } from './testing/golden-runs.ts';

const arrangement = arrangements['8x8'];
const metric = triggerCellDistances();
const x = goldenNpy('losses', 'met_x.npy').values;
const y = goldenNpy('losses', 'met_y.npy').values;
const image = (charges: ArrayLike<number>) => ({
  shape: [charges.length / 48, 8, 8, 1],
  values: imageFromCharges(arrangement, Float32Array.from(charges)),
});

describe('exact EMD as a loss', () => {
  it('is the distance of the study, with numbers to learn from where a pattern is empty', async () => {
    const { losses } = await eagerRunner.run(withGradient(exactEmd(arrangement)), {
      target: image(x),
      prediction: image(y),
    });
    const expected = goldenNpy('losses', 'met_emd.npy').values.map((distance) =>
      distance === -1 ? 0 : distance === -0.5 ? Math.max(...metric) : distance,
    );
    expectClose(losses.values, expected, { relative: 1e-5, absolute: 1e-5 }, 'losses');
  });

  it('has a gradient that leads to the target, none along the prediction and none at hidden pixels', async () => {
    const target = image(x.slice(0, 50 * 48));
    const prediction = image(y.slice(0, 50 * 48));
    const { losses, gradient } = await eagerRunner.run(withGradient(exactEmd(arrangement)), {
      target,
      prediction,
    });
    for (let row = 0; row < 50; row++) {
      const of = (values: Float32Array) => values.subarray(64 * row, 64 * (row + 1));
      const sum = (values: Float32Array) => values.reduce((total, value) => total + value, 0);
      const dot = (values: Float32Array) =>
        of(gradient.values).reduce((total, slope, pixel) => total + slope * values[pixel], 0);
      const scale = sum(of(prediction.values)) / sum(of(target.values));
      expect(dot(of(prediction.values))).toBeCloseTo(0, 4);
      expect(scale * dot(of(target.values))).toBeCloseTo(-losses.values[row], 3);
      expect(
        of(gradient.values).filter((slope, pixel) => !arrangement.visible[pixel] && slope !== 0),
      ).toEqual(new Float32Array(0));
    }
  });

  it('takes charges below 0 as 0 and does not count the scale', async () => {
    const target = [5, 3, ...new Array<number>(46).fill(1)];
    const prediction = target.map((charge, cell) => (cell === 7 ? -2 : 4 * charge));
    const { losses } = await eagerRunner.run(withGradient(exactEmd(arrangement)), {
      target: image(target),
      prediction: image(prediction),
    });
    const without = Float64Array.from(target, (charge, cell) => (cell === 7 ? 0 : charge));
    expectClose(losses.values, [createEmdSolver(metric, 48).emd(Float64Array.from(target), without)], {
      absolute: 1e-5,
    });
  });

  it('names a pattern that is not a number by a loss that is none', async () => {
    const { losses } = await eagerRunner.run(withGradient(exactEmd(arrangement)), {
      target: image(x.slice(0, 48)),
      prediction: image(new Array<number>(48).fill(Number.NaN)),
    });
    expect(losses.values[0]).toBeNaN();
  });
});
