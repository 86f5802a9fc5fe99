import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expectClose, goldenNpy, goldenPath, readTensorList, temporaryFolder } from './index.ts';

const folder = await temporaryFolder();

describe('golden vectors', () => {
  it('reads npy files with their shape', () => {
    const metric = goldenNpy('geometry', 'hexMetric.npy');
    expect(metric.shape).toEqual([48, 48]);
    expect(Math.max(...metric.values)).toBeCloseTo(13.756812026164628, 9);
  });

  it('are the committed ones in topics that the chosen folder lacks', () => {
    const before = process.env['HEP_GOLDEN'];
    process.env['HEP_GOLDEN'] = folder;
    mkdirSync(join(folder, 'geometry'));
    try {
      expect(goldenPath('geometry', 'hexMetric.npy')).toBe(join(folder, 'geometry', 'hexMetric.npy'));
      expect(existsSync(goldenPath('statistics', 'weighted.json'))).toBe(true);
    } finally {
      if (before === undefined) delete process.env['HEP_GOLDEN'];
      else process.env['HEP_GOLDEN'] = before;
    }
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
