import { readdir, readFile, writeFile } from 'node:fs/promises';
import type { TrainRequest, Trainer } from '@hep/engine';
import { storageError } from '@hep/files';
import { fit, openRunDirectory, readHistory, TrainingDiverged } from './index.ts';
import type { Callback, EpochRow } from './index.ts';
import { linearFit, temporaryRun } from './testing/fit-linear.ts';
import { linearTrainer } from './testing/linear-trainer.ts';

const numbers = (history: readonly EpochRow[]) =>
  history.map(({ epoch, values, learningRate }) => ({ epoch, values, learningRate }));

/** A signal that aborts when a number of stretches has run. */
function stopAfter(stretches: number) {
  const controller = new AbortController();
  let seen = 0;
  const progress = {
    started: () => undefined,
    advanced: () => void (++seen === stretches && controller.abort('SIGINT')),
    epochEnded: () => undefined,
    notice: () => undefined,
    ended: () => undefined,
  };
  return { signal: controller.signal, progress };
}

/** A trainer that records its requests. */
function observed(trainer: Trainer): { trainer: Trainer; requests: TrainRequest[] } {
  const requests: TrainRequest[] = [];
  const train = (request: TrainRequest) => {
    requests.push(request);
    return trainer.train(request);
  };
  return { trainer: { ...trainer, train }, requests };
}

describe('fit', () => {
  it('reports means weighted by the rows of the batches, and a full validation pass', async () => {
    const { trainer, requests } = observed(linearTrainer());
    const result = await fit(linearFit({ trainer, epochs: 1 }));
    const copy = linearTrainer();
    let sum = 0;
    for (const request of requests) {
      const { outputs, rows } = await copy.train(request);
      rows.forEach((count, batch) => (sum += count * outputs['loss'][batch]));
    }
    expect(result.history[0].values['loss']).toBe(sum / 64);
    expect(result.history[0].values['val_loss']).toBe((await copy.evaluate('validation', 10)).means['loss']);
    expect(result).toMatchObject({ epochs: 1, stoppedBy: 'epochs', stateEpoch: 1, checkpoint: null });
  });

  it('visits every row once per epoch, in another order each time, the last batch partial', async () => {
    const { trainer, requests } = observed(linearTrainer());
    await fit(linearFit({ trainer, epochs: 2 }));
    const orders = [requests[0].order, requests.at(-1)!.order];
    for (const order of orders) expect([...order].sort((a, b) => a - b)).toEqual([...Array(64).keys()]);
    expect(orders[0]).not.toEqual(orders[1]);
    expect(orders[0].buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(requests.at(-1)!.endBatch).toBe(7);
  });

  it('keeps the order of the rows when it is told to', async () => {
    const { trainer, requests } = observed(linearTrainer());
    await fit(linearFit({ trainer, epochs: 2, shuffle: false }));
    for (const { order } of requests) expect([...order]).toEqual([...Array(64).keys()]);
  });

  it('makes no order for a trainer that has its own', async () => {
    const { trainer, requests } = observed(linearTrainer());
    const all = Int32Array.from({ length: 64 }, (_, row) => row);
    const own: Trainer = {
      ...trainer,
      hasOwnOrder: true,
      train: (request) => {
        expect(request.order).toHaveLength(0);
        return trainer.train({ ...request, order: all });
      },
    };
    await fit(linearFit({ trainer: own, epochs: 2 }));
    expect(requests.length).toBeGreaterThan(1);
  });

  it('gives every step its number and its learning rate', async () => {
    const { trainer, requests } = observed(linearTrainer());
    await fit(linearFit({ trainer, epochs: 2, learningRate: (step) => 1 / (1 + step) }));
    const rates = requests.flatMap(({ learningRates }) => [...learningRates]);
    expect(rates).toEqual(Array.from({ length: 14 }, (_, step) => Math.fround(1 / (1 + step))));
    expect(requests.every(({ step, firstBatch }) => (step - 1) % 7 === firstBatch)).toBe(true);
  });

  it('does not depend on the length of the stretches', async () => {
    const [short, long] = [await fit(linearFit({ stretchSeconds: 1e-9 })), await fit(linearFit())];
    expect(short.state).toEqual(long.state);
    expect(numbers(short.history)).toEqual(numbers(long.history));
  });

  it.each([
    [{ batchSize: 65 }, 'batch size 65 is larger than the 64 rows of data set "train"; choose at most 64'],
    [{ batchSize: 0 }, 'batch size 0: expected an integer of at least 1'],
    [{ epochs: 1.5 }, 'epochs 1.5: expected an integer of at least 1'],
    [{ train: { name: 'train', rows: 0 } }, 'data set "train" has no rows; check files and selection'],
    [{ checkpointMinutes: 0 }, 'checkpoint minutes 0: expected a positive number'],
    [{ seed: 0.5 }, 'seed 0.5: expected an integer'],
  ])('refuses %j', async (change, message) => {
    await expect(fit(linearFit(change))).rejects.toMatchObject({ name: 'UserError', message });
  });
});

describe('a run with a directory', () => {
  it('keeps the newest checkpoints, the best one, and a history that reads back', async () => {
    const run = await temporaryRun();
    const scores = [4, 1, 3, 3, 3, 3];
    const result = await fit(linearFit({ run, callbacks: [scripted(scores), judge] }));
    expect((await readdir(run.file('checkpoints'))).sort()).toEqual([
      'epoch-0002.checkpoint',
      'epoch-0005.checkpoint',
      'epoch-0006.checkpoint',
    ]);
    expect(result.best).toEqual({ epoch: 2, monitor: 'score', value: 1 });
    expect(result.checkpoint).toBe(run.file('checkpoints', 'epoch-0006.checkpoint'));
    const history = await readHistory(run.file('history.csv'));
    expect(numbers(history)).toEqual(numbers(result.history));
    const record = JSON.parse(await readFile(run.file('run.json'), 'utf8')) as unknown;
    expect(record).toMatchObject({
      status: 'trained',
      device: 'linear regression, test',
      result: { epochs: 6, stoppedBy: 'epochs', bestEpoch: 2 },
    });
  });

  it('hands callbacks the tallies of the whole epoch, wherever it was interrupted', async () => {
    const run = await temporaryRun();
    const visits: number[][] = [];
    const witness: Callback = {
      name: 'witness',
      onEpochEnd: (_, { tallies }) => {
        visits.push([...tallies['visits']]);
      },
    };
    const callbacks = [witness];
    await fit(linearFit({ run, callbacks, stretchSeconds: 1e-9, ...stopAfter(9) }));
    expect(run.record.status).toBe('interrupted');
    await fit(linearFit({ run: await openRunDirectory(run.path), callbacks, resume: true }));
    expect(visits).toEqual(Array.from({ length: 6 }, () => Array(64).fill(1)));
  });

  it('goes on at the next batch after an interruption, wherever it came', async () => {
    const whole = await fit(linearFit());
    for (const stretches of [1, 3, 4, 9, 40]) {
      const run = await temporaryRun();
      const stopped = await fit(linearFit({ run, stretchSeconds: 1e-9, ...stopAfter(stretches) }));
      expect(stopped.stoppedBy).toBe('interrupt');
      expect(run.record.status).toBe('interrupted');
      const resumed = await fit(linearFit({ run: await openRunDirectory(run.path), resume: true }));
      expect(resumed.state).toEqual(whole.state);
      expect(numbers(resumed.history)).toEqual(numbers(whole.history));
      expect(numbers(await readHistory(run.file('history.csv')))).toEqual(numbers(whole.history));
    }
  });

  it('continues to more epochs, and returns at once when there is nothing left', async () => {
    const run = await temporaryRun();
    await fit(linearFit({ run, epochs: 4 }));
    const more = await fit(linearFit({ run, resume: true }));
    expect(more.state).toEqual((await fit(linearFit())).state);
    const { trainer, requests } = observed(linearTrainer());
    expect((await fit(linearFit({ run, resume: true, trainer }))).state).toEqual(more.state);
    expect(requests).toEqual([]);
    await expect(fit(linearFit({ run, resume: true, epochs: 2 }))).rejects.toThrow(
      'epochs 2: the run has finished 6 already; ask for at least as many',
    );
  });

  it('falls back to the older checkpoint and says so when the newest is damaged', async () => {
    const run = await temporaryRun();
    await fit(linearFit({ run, epochs: 4 }));
    const newest = run.file('checkpoints', 'epoch-0004.checkpoint');
    const bytes = await readFile(newest);
    bytes[bytes.length - 40] ^= 1;
    await writeFile(newest, bytes);
    const notices: string[] = [];
    const progress = { ...stopAfter(0).progress, notice: (text: string) => void notices.push(text) };
    const resumed = await fit(linearFit({ run, resume: true, progress }));
    expect(notices).toEqual([
      `${newest}: checkpoint is damaged, its checksum differs; use another checkpoint`,
      `resuming from the older ${run.file('checkpoints', 'epoch-0003.checkpoint')}`,
    ]);
    expect(resumed.state).toEqual((await fit(linearFit())).state);
  });

  it('refuses to resume with other options or another model', async () => {
    const run = await temporaryRun();
    await fit(linearFit({ run, epochs: 2 }));
    const path = run.file('checkpoints', 'epoch-0002.checkpoint');
    await expect(fit(linearFit({ run, resume: true, batchSize: 20 }))).rejects.toThrow(
      `${path}: its batch size is 10, now it is 20; resume with the options and the data of that run`,
    );
    await expect(
      fit(linearFit({ run, resume: true, trainer: linearTrainer({ features: 4 }) })),
    ).rejects.toThrow(
      `${path}: checkpoint of another model, its parameter weights is 3, this model's is 4; ` +
        'use one of this model, or the options of that run',
    );
  });

  it('stops at a NaN loss and names the batch and the last good checkpoint', async () => {
    const run = await temporaryRun();
    const failure = await fit(linearFit({ run, trainer: linearTrainer({ nanSteps: [17] }) })).catch(
      (error: unknown) => error,
    );
    const checkpoint = run.file('checkpoints', 'epoch-0002.checkpoint');
    expect(failure).toBeInstanceOf(TrainingDiverged);
    expect(failure).toMatchObject({ epoch: 3, batch: 3, lastGoodCheckpoint: checkpoint });
    expect((failure as Error).message).toBe(
      `epoch 3, batch 3 of 7: loss is NaN; the last good checkpoint is ${checkpoint}; ` +
        'lower the learning rate, clip the gradients or check the input',
    );
    expect(run.record).toMatchObject({ status: 'failed', error: (failure as Error).message });
    expect(await readHistory(run.file('history.csv'))).toHaveLength(2);
  });

  it('writes no checkpoint with a parameter that is not finite', async () => {
    const run = await temporaryRun();
    const { readState, ...rest } = linearTrainer();
    let reads = 0;
    const poisoned = async () => {
      const state = await readState();
      if (++reads === 3) state['weights'].values[1] = Infinity;
      return state;
    };
    await expect(fit(linearFit({ run, trainer: { ...rest, readState: poisoned } }))).rejects.toThrow(
      'epoch 2, after the last batch: element 1 of weights is Infinity; the last good checkpoint is ' +
        run.file('checkpoints', 'epoch-0001.checkpoint'),
    );
  });
});

describe('a disk that fills up', () => {
  it('costs the work since the last checkpoint only, which the error names', async () => {
    const run = await temporaryRun();
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    const writer: Callback = {
      name: 'writer',
      onEpochEnd: (_, { epoch }) => {
        if (epoch === 4) throw storageError(full, 'notes.txt');
      },
    };
    await expect(fit(linearFit({ run, callbacks: [writer] }))).rejects.toThrow(
      'notes.txt: cannot be written, no space left on the disk; free some space or choose another place; ' +
        `the last good checkpoint is ${run.file('checkpoints', 'epoch-0003.checkpoint')}; resume the run from there`,
    );
    const resumed = await fit(linearFit({ run, resume: true }));
    expect(resumed.state).toEqual((await fit(linearFit())).state);
  });
});

/** Reports given numbers as the result `score`. */
function scripted(scores: readonly number[]): Callback {
  return { name: 'scripted', onEpochEnd: (_, { epoch }) => ({ logs: { score: scores[epoch - 1] } }) };
}

/** Calls the second epoch the best. */
const judge: Callback = {
  name: 'judge',
  judges: { monitor: 'score', restoreBest: false },
  onEpochEnd: (_, { epoch }) => ({ best: epoch === 2 }),
};
