import { createEagerTrainer, createOnnxTrainer } from '@hep/engine';
import type { HostState, Program, Trainer } from '@hep/engine';
import { tf } from '@hep/graph';
import { SeededNumbers, adam, initialise, modelOf, sizeOf, trainStep } from '@hep/nn';
import { expectClose } from '@hep/test-support';
import { quantisedEncoder } from './testing/encoder.ts';

const ROWS = 23;
const BATCH = 10;
const LEARNING_RATE = 3;
const encoder = modelOf(quantisedEncoder());
const step = trainStep({
  model: encoder,
  loss: (target, prediction) => tf.mean(tf.squaredDifference(target, prediction), 1),
  optimiser: adam(),
});
const program: Program = {
  name: 'quantised encoder',
  step,
  inputs: {
    image: { shape: [{ batch: 1 }, 8, 8, 1], dtype: 'float32' },
    target: { shape: [{ batch: 1 }, 16], dtype: 'float32' },
  },
  initialState: step.initialState(initialise(encoder.parameterSpecs, 1)),
};

function column(name: string, rowShape: readonly number[]) {
  const numbers = new SeededNumbers(5, name);
  return {
    rowShape,
    values: Float32Array.from({ length: ROWS * sizeOf(rowShape) }, () => numbers.uniform()),
  };
}

const columns = { image: column('image', [8, 8, 1]), target: column('target', [16]) };
const data = { train: { rows: ROWS, columns } };

async function epoch(trainer: Trainer): Promise<{ losses: Float64Array; state: HostState }> {
  try {
    const { outputs } = await trainer.train({
      dataset: 'train',
      order: Int32Array.from({ length: ROWS }, (_, row) => row),
      batchSize: BATCH,
      firstBatch: 0,
      endBatch: Math.ceil(ROWS / BATCH),
      step: 1,
      learningRates: new Float32Array(3).fill(LEARNING_RATE),
      seed: 7,
    });
    return { losses: outputs['loss']!, state: await trainer.readState() };
  } finally {
    await trainer.close();
  }
}

it('training is the same traced as eagerly, last partial batch included, and clips the parameters', async () => {
  const eager = await epoch(await createEagerTrainer(program, data));
  const traced = await epoch(
    await createOnnxTrainer(program, data, { batchSize: BATCH, replicas: 1, threads: 1 }),
  );
  expectClose(traced.losses, eager.losses, { relative: 1e-5 }, 'losses');
  const weights = Object.values(step.weightsOf(traced.state)).flatMap(({ values }) => [...values]);
  expect(Math.max(...weights.map(Math.abs))).toBe(2);
});
