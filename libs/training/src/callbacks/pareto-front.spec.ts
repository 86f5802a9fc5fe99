import { readdir, readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { fit, ParetoFront, readCheckpoint, withPoint } from '../index.ts';
import type { Callback, ParetoPoint } from '../index.ts';
import { linearFit, temporaryRun } from '../testing/fit-linear.ts';
import { linearTrainer } from '../testing/linear-trainer.ts';

const sides = ['min', 'max'] as const;

describe('a front', () => {
  const anyValues = fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 })), {
    maxLength: 20,
  });
  const beats = (a: ParetoPoint, b: ParetoPoint) => a.values[0] <= b.values[0] && a.values[1] >= b.values[1];

  it('has every point that none beats, the earliest of equals, and no other', () => {
    fc.assert(
      fc.property(anyValues, (list) => {
        const points = list.map((values, epoch) => ({ epoch, values }));
        const front = points.reduce<readonly ParetoPoint[]>((all, point) => withPoint(all, point, sides), []);
        const expected = points.filter(
          (point) =>
            !points.some(
              (other) =>
                other !== point && beats(other, point) && (!beats(point, other) || other.epoch < point.epoch),
            ),
        );
        expect(front).toEqual(expected);
      }),
    );
  });
});

describe('ParetoFront', () => {
  const results = { score: 'min', size: 'max' } as const;
  const scripted: Callback = {
    name: 'scripted',
    onEpochEnd: (_, { epoch }) => {
      const [score, size] = [
        [5, 1],
        [4, 2],
        [6, 3],
        [NaN, 9],
        [3, 3],
        [4, 2],
      ][epoch - 1];
      const logs: Record<string, number> = Number.isNaN(score) ? { size } : { score, size };
      return { logs };
    },
  };

  it('keeps the states of its epochs, and survives an interruption', async () => {
    const run = await temporaryRun();
    const folder = run.file('pareto');
    const first = new ParetoFront({ folder, results });
    await fit(linearFit({ run, epochs: 3, callbacks: [scripted, first] }));
    expect(first.points.map(({ epoch }) => epoch)).toEqual([2, 3]);
    expect((await readdir(folder)).sort()).toEqual([
      'epoch-0002.checkpoint',
      'epoch-0003.checkpoint',
      'front.csv',
    ]);

    const front = new ParetoFront({ folder, results });
    await fit(linearFit({ run, epochs: 6, resume: true, callbacks: [scripted, front] }));
    expect(front.points).toEqual([{ epoch: 5, values: [3, 3] }]);
    expect((await readdir(folder)).sort()).toEqual(['epoch-0005.checkpoint', 'front.csv']);
    expect(await readFile(`${folder}/front.csv`, 'utf8')).toBe('epoch,score,size\n5,3,3\n');

    const { state, loop } = await readCheckpoint(front.pathOf(5));
    const trainer = linearTrainer();
    const alone = await fit(linearFit({ trainer, epochs: 5 }));
    expect(state).toEqual(alone.state);
    expect(loop.epoch).toBe(5);
  });
});
