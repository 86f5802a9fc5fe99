/** `train-linear RUN [BATCH_MILLISECONDS]`: trains the linear trainer in a run directory, or resumes it there. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  consoleProgress,
  createRunDirectory,
  EarlyStopping,
  fit,
  interruptible,
  openRunDirectory,
  ParetoFront,
  PidSchedule,
  ReduceOnPlateau,
  tensorBoard,
} from '../index.ts';
import { linearTrainer } from './linear-trainer.ts';

const [path, batchMilliseconds = '0'] = process.argv.slice(2);
const resume = existsSync(join(path, 'run.json'));
const description = { config: 'epochs: 24\n', seed: 11, versions: {}, inputs: [] };
const run = resume ? await openRunDirectory(path) : await createRunDirectory(path, description);
const announce = { name: 'announce', onTrainingStart: () => void process.stdout.write('training\n') };
const result = await interruptible((signal) =>
  fit({
    trainer: linearTrainer({ rows: 250, batchMilliseconds: Number(batchMilliseconds), hasSize: true }),
    model: { name: 'linear' },
    train: { name: 'train', rows: 250 },
    validation: { name: 'validation', rows: 125 },
    batchSize: 20,
    epochs: 24,
    learningRate: (step) => 0.05 * 0.999 ** step,
    scalars: { pull: 0.01 },
    seed: 11,
    callbacks: [
      announce,
      new ReduceOnPlateau({ patience: 2, minDelta: 0.02 }),
      new EarlyStopping({ patience: 24, restoreBest: true }),
      new PidSchedule({
        scalar: 'pull',
        monitor: 'val_size',
        target: 2,
        initial: 0.01,
        integral: 0.1,
        derivative: 0.5,
        warmup: 3,
      }),
      new ParetoFront({ folder: run.file('pareto'), results: { val_loss: 'min', val_size: 'min' } }),
      tensorBoard({ folder: run.file('tensorboard'), histograms: {} }),
    ],
    run,
    resume,
    signal,
    checkpointMinutes: 0.02 / 60,
    stretchSeconds: 0.015,
    progress: consoleProgress(),
  }),
);
process.exitCode = result.stoppedBy === 'interrupt' ? 130 : 0;
