import { join } from 'node:path';
import { createRunDirectory, EarlyStopping, fit, interruptible } from './index.ts';
import { linearTrainer } from './testing.ts';
import { temporaryFolder } from './testing/fit-linear.ts';

it('trains, stops and goes on as the README shows', async () => {
  const path = join(await temporaryFolder(), 'run');
  const trainer = linearTrainer();
  const run = await createRunDirectory(path, { config: 'epochs: 8\n', seed: 1, versions: {}, inputs: [] });
  const options = {
    trainer,
    model: { name: 'linear' },
    train: { name: 'train', rows: 64 },
    validation: { name: 'validation', rows: 32 },
    batchSize: 16,
    learningRate: 0.05,
    seed: 1,
    run,
  };
  await interruptible((signal) =>
    fit({ ...options, epochs: 4, signal, callbacks: [new EarlyStopping({ patience: 3 })] }),
  );
  const { history, stoppedBy } = await fit({ ...options, epochs: 8, resume: true });
  expect(history.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(history[7].values['val_loss']).toBeLessThan(history[0].values['val_loss']);
  expect(stoppedBy).toBe('epochs');
});
