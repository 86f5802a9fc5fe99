import { expectClose, goldenNpy, goldenPath, readTensorList } from './index.ts';

describe('golden vectors', () => {
  it('reads npy files with their shape', () => {
    const metric = goldenNpy('geometry', 'hexMetric.npy');
    expect(metric.shape).toEqual([48, 48]);
    expect(Math.max(...metric.values)).toBeCloseTo(13.756812026164628, 9);
  });

  it('reads tensor lists with their names in order', async () => {
    const tensors = await readTensorList(goldenPath('models', 'S2_tele_wN.h5'));
    expect(tensors[0]!.name).toContain('conv2d/kernel');
    expect(tensors.map((tensor) => tensor.values.length).reduce((a, b) => a + b)).toBe(4977);
  });

  it('reports the worst element of a mismatch', () => {
    expect(() => expectClose([1, 2, 4], [1, 2, 3], { absolute: 0.5 })).toThrow('element 2 is 4, expected 3');
    expect(() => expectClose([NaN], [1], { absolute: 0.5 })).toThrow('element 0 is NaN');
    expectClose([NaN, Infinity], [NaN, Infinity], {});
  });
});
