import type { Trainer, TrainRequest, TrainResult } from './trainer.ts';
import { withUpkeep } from './upkeep.ts';

/** A trainer that writes down what it is asked; batch 17 is bad. */
function recorder() {
  const asked: string[] = [];
  let state = {
    a: { shape: [1], values: Float32Array.of(0) },
    b: { shape: [1], values: Float32Array.of(7) },
  };
  const trainer: Trainer = {
    description: 'recorder',
    evaluate: () => Promise.resolve({ means: {}, tallies: {} }),
    close: () => Promise.resolve(),
    readState: () => Promise.resolve(state),
    writeState: (next) => {
      state = next as typeof state;
      asked.push(`state ${state.a.values[0]} ${state.b.values[0]}`);
      return Promise.resolve();
    },
    train: ({ firstBatch, endBatch, step, learningRates }: TrainRequest): Promise<TrainResult> => {
      asked.push(`${firstBatch}-${endBatch} step ${step} rates ${learningRates.join()}`);
      const batches = Array.from({ length: endBatch - firstBatch }, (_, i) => firstBatch + i);
      const badBatch = batches.includes(17) ? 17 : -1;
      return Promise.resolve({
        outputs: { loss: Float64Array.from(batches) },
        tallies: { seen: Float64Array.of(batches.length, 1) },
        rows: Int32Array.from(batches, () => 4),
        badBatch,
      });
    },
  };
  const refresh = ({ a }: typeof state) => ({
    a: { shape: [1], values: a.values.map((value) => value + 1) },
  });
  return { asked, trainer: withUpkeep(trainer, { every: 5, refresh: refresh as never }) };
}

const request = (firstBatch: number, endBatch: number, step: number): TrainRequest => ({
  dataset: 'train',
  order: new Int32Array(0),
  batchSize: 4,
  firstBatch,
  endBatch,
  step,
  learningRates: Float32Array.from({ length: endBatch - firstBatch }, (_, i) => i),
  seed: 1,
});

describe('withUpkeep', () => {
  it('refreshes the state after every multiple of the steps and changes nothing else', async () => {
    const { asked, trainer } = recorder();
    const { outputs, tallies, rows, badBatch } = await trainer.train(request(2, 11, 8));
    expect(asked).toEqual([
      '2-5 step 8 rates 0,1,2',
      'state 1 7',
      '5-10 step 11 rates 3,4,5,6,7',
      'state 2 7',
      '10-11 step 16 rates 8',
    ]);
    expect([...outputs.loss]).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect([...tallies.seen]).toEqual([9, 3]);
    expect([rows.length, badBatch]).toEqual([9, -1]);
  });

  it('does so however the epoch is cut', async () => {
    const { asked, trainer } = recorder();
    await trainer.train(request(0, 5, 1));
    await trainer.train(request(5, 7, 6));
    await trainer.train(request(7, 10, 8));
    expect(asked.filter((text) => text.startsWith('state'))).toEqual(['state 1 7', 'state 2 7']);
  });

  it('ends at a bad batch', async () => {
    const { asked, trainer } = recorder();
    expect((await trainer.train(request(14, 30, 15))).badBatch).toBe(17);
    expect(asked.at(-1)).toContain('15-20');
  });
});
