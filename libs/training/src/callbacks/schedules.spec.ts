import type { HostState } from '@hep/engine';
import fc from 'fast-check';
import { fit, parseSchedule, PidSchedule, scheduledValue, ScalarSchedule } from '../index.ts';
import type { EpochContext, PidScheduleOptions } from '../index.ts';
import { linearFit, temporaryRun } from '../testing/fit-linear.ts';
import { linearTrainer } from '../testing/linear-trainer.ts';

const at = (text: string, epochs: readonly number[]) =>
  epochs.map((epoch) => scheduledValue(parseSchedule(text, 'beta'), epoch));

describe('schedules', () => {
  it('are constant, linear or geometric between their points, and constant around them', () => {
    expect(at('1e-5', [0, 1, 100])).toEqual([1e-5, 1e-5, 1e-5]);
    expect(at('2:1, 4:3', [0, 2, 3, 4, 9])).toEqual([1, 1, 2, 3, 3]);
    const [start, middle, end] = at('0:1e-6:log,10:1e-4', [0, 5, 10]);
    expect([start, end]).toEqual([1e-6, 1e-4]);
    expect(middle).toBeCloseTo(1e-5, 12);
    expect(at('0:1:constant,3:2:constant,6:0', [2, 3, 5, 6])).toEqual([1, 2, 2, 0]);
  });

  it.each([
    ['', 'beta: "0::constant" is no point of a schedule; expected a number of at least 0, or EPOCH:VALUE'],
    ['-1', 'beta: "0:-1:constant" is no point'],
    ['1e-5:2', 'beta: "1e-5:2" is no point'],
    ['0:1:cubic', 'beta: "0:1:cubic" is no point'],
    ['0:1:log:2', 'beta: "0:1:log:2" is no point'],
    ['3:1,3:2', 'beta: epoch 3 comes after 3, expected them in ascending order'],
    ['0:0:log,3:2', 'beta: a log stretch cannot begin or end with 0; use linear, or a small number'],
  ])('%j is told in one line', (text, message) => {
    expect(() => parseSchedule(text, 'beta')).toThrow(
      expect.objectContaining({
        name: 'UserError',
        message: expect.stringContaining(message) as string,
      }) as Error,
    );
  });

  it('set the scalar of every epoch, which the history shows', async () => {
    const points = parseSchedule('0:0,4:0.4', 'pull');
    const seen: (number | undefined)[] = [];
    const inner = linearTrainer({ hasSize: true });
    const trainer = {
      ...inner,
      train: (request: Parameters<typeof inner.train>[0]) => {
        seen.push(request.scalars?.['pull']);
        return inner.train(request);
      },
    };
    const scalars = { pull: scheduledValue(points, 0) };
    const callbacks = [new ScalarSchedule('pull', points)];
    const { history } = await fit(linearFit({ trainer, scalars, callbacks, batchSize: 64 }));
    const expected = [0, 1, 2, 3, 4, 5].map((epoch) => scheduledValue(points, epoch));
    expect(seen).toEqual(expected);
    expect(history.map(({ values }) => values['pull'])).toEqual(expected);
  });
});

describe('PID control', () => {
  const options: PidScheduleOptions = {
    scalar: 'beta',
    monitor: 'ebops',
    target: 100,
    initial: 1e-4,
    warmup: 2,
  };
  const context = (epoch: number, beta: number): EpochContext => ({
    epoch,
    step: 0,
    learningRate: 1,
    lastLearningRate: 1,
    tallies: {},
    scalars: { beta },
    readState: () => Promise.resolve({} as HostState),
    writeCheckpoint: () => Promise.resolve(),
  });
  /** Values of the scalar after each epoch with these results. */
  const betas = (control: PidSchedule, results: readonly number[]) => {
    let beta = options.initial;
    return results.map(
      (ebops, i) => (beta = control.onEpochEnd({ ebops }, context(i + 1, beta)).scalars?.['beta'] ?? beta),
    );
  };

  it('starts at the initial value and goes on as the formula says', () => {
    const control = new PidSchedule({ ...options, proportional: 0.5, integral: 0.1, derivative: 0.25 });
    const [warm, first, second] = betas(control, [1e6, 1e4, 1e3]);
    expect(warm).toBe(1e-4);
    expect(Math.log10(first)).toBeCloseTo(-4, 9);
    // Deviations 2 and 1: the proportional part falls by 0.5, the sum rises by 1, the change is -1.
    expect(Math.log10(second)).toBeCloseTo(-4 - 0.5 * 1 + 0.1 * 1 - 0.25 * 1, 9);
  });

  it('damps below the target, and stays within its bounds', () => {
    const at = (change: Partial<PidScheduleOptions>, ebops: number) =>
      betas(new PidSchedule({ ...options, warmup: 1, ...change }), [100, ebops])[1];
    expect(at({ damping: 0.5 }, 10) / at({}, 10)).toBeCloseTo(0.5);
    expect(at({ damping: 0.5 }, 1000)).toBe(at({}, 1000));
    expect(at({ minimum: 5e-5 }, 1)).toBe(5e-5);
    expect(at({ maximum: 2e-4 }, 1e5)).toBe(2e-4);
    expect(at({}, 0)).toBe(at({}, 1e-4));
  });

  it('reaches a target of something that answers to it', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e2, max: 1e5, noNaN: true }), (target) => {
        const control = new PidSchedule({ ...options, target, warmup: 1, proportional: 0.4, integral: 0.2 });
        let [ebops, beta] = [1e6, options.initial];
        for (let epoch = 1; epoch <= 300; epoch++) {
          ebops = 1e3 * (beta / 1e-4) ** -0.5;
          beta = control.onEpochEnd({ ebops }, context(epoch, beta)).scalars!['beta'];
        }
        expect(Math.abs(Math.log10(ebops / target))).toBeLessThan(0.01);
      }),
    );
  });

  it('goes on from a checkpoint with the same numbers', async () => {
    const control = () =>
      new PidSchedule({ ...options, scalar: 'pull', monitor: 'val_size', target: 1, integral: 0.3 });
    const start = { trainer: linearTrainer({ hasSize: true }), scalars: { pull: 1e-4 } };
    const whole = await fit(linearFit({ ...start, callbacks: [control()], epochs: 9 }));
    const run = await temporaryRun();
    const trainer = linearTrainer({ hasSize: true });
    await fit(linearFit({ ...start, trainer, run, callbacks: [control()], epochs: 5 }));
    const again = { ...start, trainer: linearTrainer({ hasSize: true }), run, resume: true };
    const resumed = await fit(linearFit({ ...again, callbacks: [control()], epochs: 9 }));
    expect(resumed.state).toEqual(whole.state);
    const pulls = (result: typeof whole) => result.history.map(({ values }) => values['pull']);
    expect(pulls(resumed)).toEqual(pulls(whole));
    expect(new Set(pulls(whole)).size).toBe(8);
  });

  it.each([
    [{ target: 0 }, 'beta-control: target 0, expected a positive number'],
    [{ target: NaN }, 'beta-control: target NaN, expected a positive number'],
    [{ initial: -1e-5 }, 'beta-control: initial -0.00001, expected a positive number'],
    [{ integral: 0 }, 'beta-control: integral 0, expected a positive number'],
    [{ damping: 1 }, 'beta-control: damping 1, expected a number from 0 to below 1'],
  ])('refuses %j', (change, message) => {
    expect(() => new PidSchedule({ ...options, ...change })).toThrow(
      expect.objectContaining({ name: 'UserError', message }) as Error,
    );
  });

  it('names the results that could be monitored', () => {
    expect(() => new PidSchedule(options).onEpochEnd({ loss: 1 }, context(1, 1))).toThrow(
      'beta-control: no result is called "ebops"; monitor one of loss',
    );
  });
});
