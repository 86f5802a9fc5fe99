import { EarlyStopping, fit, ReduceOnPlateau } from '../index.ts';
import type { Callback, EarlyStoppingOptions, ReduceOnPlateauOptions } from '../index.ts';
import { linearFit, temporaryRun } from '../testing/fit-linear.ts';
import { linearTrainer } from '../testing/linear-trainer.ts';

/** Validation losses that were given to Keras 2.15's callbacks: 1 / (1 + 0.3 i) + 0.15 sin(2.3 i), four digits. */
const scores = [
  1.0, 0.8811, 0.4759, 0.6131, 0.488, 0.2687, 0.4987, 0.2653, 0.2289, 0.4144, 0.1231, 0.2575, 0.311, 0.0543,
  0.2982, 0.1904, 0.055, 0.3118, 0.0767, 0.1075, 0.2781, -0.0015, 0.1808, 0.1994,
];
const scripted: Callback = {
  name: 'scripted',
  onEpochEnd: (_, { epoch }) => ({ logs: { score: scores[epoch - 1] } }),
};
const train = (callback: Callback, epochs = scores.length) =>
  fit(linearFit({ epochs, learningRate: 0.001, callbacks: [scripted, callback] }));

describe('EarlyStopping', () => {
  const early = (options: EarlyStoppingOptions) => train(new EarlyStopping({ monitor: 'score', ...options }));

  it.each<[EarlyStoppingOptions, number, number]>([
    [{ patience: 0 }, 4, 3],
    [{ patience: 1 }, 4, 3],
    [{ patience: 3 }, 17, 14],
    [{ patience: 3, minDelta: 0.1 }, 9, 6],
    [{ patience: 2, mode: 'max' }, 3, 1],
    [{ patience: 2, startFromEpoch: 8 }, 13, 11],
  ])('stops where Keras stops: %j', async (options, stopped, best) => {
    const result = await early(options);
    expect(result).toMatchObject({ stoppedBy: 'early-stopping', epochs: stopped, stateEpoch: stopped });
    expect(result.best).toEqual({ epoch: best, monitor: 'score', value: scores[best - 1] });
  });

  it('lets a run without patience left go to its end', async () => {
    expect(await early({ patience: 30 })).toMatchObject({ stoppedBy: 'epochs', best: { epoch: 22 } });
  });

  it.each([3, 30])('restores the best state, patience %d', async (patience) => {
    const result = await early({ patience, restoreBest: true });
    const best = await train(idle, result.best!.epoch);
    expect(result.stateEpoch).toBe(result.best!.epoch);
    expect(result.state).toEqual(best.state);
  });

  it('restores the best state from before an interruption', async () => {
    const run = await temporaryRun();
    const callbacks = () => [
      scripted,
      new EarlyStopping({ monitor: 'score', patience: 3, restoreBest: true }),
    ];
    const options = { run, learningRate: 0.001 };
    await fit(linearFit({ ...options, epochs: 16, callbacks: callbacks() }));
    const result = await fit(linearFit({ ...options, epochs: 24, callbacks: callbacks(), resume: true }));
    expect(result).toMatchObject({ stoppedBy: 'early-stopping', epochs: 17, stateEpoch: 14 });
    expect(result.state).toEqual((await train(idle, 14)).state);
    const again = await fit(linearFit({ ...options, epochs: 24, callbacks: callbacks(), resume: true }));
    expect(again).toMatchObject({ stoppedBy: 'early-stopping', epochs: 17, state: result.state });
  });

  it('names the results that could be monitored', async () => {
    const callbacks = [new EarlyStopping({ monitor: 'val_lots' })];
    await expect(fit(linearFit({ callbacks }))).rejects.toThrow(
      'early-stopping: no result is called "val_lots"; monitor one of loss, val_loss',
    );
  });
});

describe('ReduceOnPlateau', () => {
  it.each<[ReduceOnPlateauOptions, readonly (readonly [epoch: number, rate: number])[]]>([
    [
      { patience: 2, factor: 0.5 },
      [
        [1, 0.0010000000474974513],
        [6, 0.0005000000237487257],
        [14, 0.0002500000118743628],
        [17, 0.0001250000059371814],
        [19, 6.25000029685907e-5],
        [21, 3.125000148429535e-5],
      ],
    ],
    [
      { patience: 1, factor: 0.1, minLearningRate: 2e-5 },
      [
        [1, 0.0010000000474974513],
        [5, 0.00010000000474974513],
        [6, 1.9999999494757503e-5],
      ],
    ],
    [
      { patience: 1, factor: 0.3, cooldown: 2, minDelta: 0.02 },
      [
        [1, 0.0010000000474974513],
        [5, 0.0003000000142492354],
        [8, 9.000000136438757e-5],
        [11, 2.700000004551839e-5],
        [13, 8.099999831756577e-6],
        [16, 2.429999995001708e-6],
        [18, 7.2900002123788e-7],
        [20, 2.1870000921353494e-7],
        [22, 6.561000276406048e-8],
        [24, 1.968300011867541e-8],
      ],
    ],
  ])('has the rates of Keras to the last bit: %j', async (options, changes) => {
    const { history } = await train(new ReduceOnPlateau({ monitor: 'score', ...options }));
    const seen = history.filter(
      ({ learningRate }, index) => index === 0 || learningRate !== history[index - 1].learningRate,
    );
    expect(seen.map(({ epoch, learningRate }) => [epoch, learningRate])).toEqual(changes);
  });

  it('refuses a factor that does not reduce', () => {
    expect(() => new ReduceOnPlateau({ factor: 1 })).toThrow('expected a number between 0 and 1');
  });
});

describe('a callback', () => {
  it('sees the state that the epoch ended with', async () => {
    const trainer = linearTrainer();
    const seen: unknown[] = [];
    const reader: Callback = {
      name: 'reader',
      onEpochEnd: async (_, { readState }) => void seen.push(await readState()),
    };
    const result = await fit(linearFit({ trainer, callbacks: [reader], epochs: 2 }));
    expect(seen).toHaveLength(2);
    expect(seen[1]).toEqual(result.state);
  });
});

const idle: Callback = { name: 'idle' };
