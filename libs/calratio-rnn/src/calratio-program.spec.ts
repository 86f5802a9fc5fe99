import { createEagerTrainer, createOnnxTrainer } from '@hep/engine';
import type { Column, Program } from '@hep/engine';
import { initialise, sgd } from '@hep/nn';
import { expectClose, goldenJson } from '@hep/test-support';
import { CALRATIO_LEARNING_RATE, calRatioNetwork, calRatioProgram } from './index.ts';
import type { CalRatioConfig, CalRatioProgramOptions } from './index.ts';
import {
  goldenColumns,
  goldenNetwork,
  goldenOptimisers,
  goldenStep,
  goldenWeights,
} from './testing/golden-calratio.ts';

const ROWS = 80;
const columns: Record<string, Column> = goldenColumns();

type Engine = 'eager' | { readonly replicas: number };

/** Trains over rows [first, end) of the golden samples in order. */
async function train(engine: Engine, program: Program, batchSize: number, first = 0, end = ROWS) {
  const data = { train: { rows: ROWS, columns } };
  const trainer =
    engine === 'eager'
      ? await createEagerTrainer(program, data)
      : await createOnnxTrainer(program, data, { ...engine, batchSize, threads: 1 });
  const batches = (end - first) / batchSize;
  try {
    const { outputs } = await trainer.train({
      dataset: 'train',
      order: Int32Array.from({ length: end - first }, (_, i) => first + i),
      batchSize,
      firstBatch: 0,
      endBatch: batches,
      step: 1,
      learningRates: new Float32Array(batches).fill(CALRATIO_LEARNING_RATE),
      seed: 3,
    });
    return { outputs, state: await trainer.readState() };
  } finally {
    await trainer.close();
  }
}

/** Program of a network without recurrence for all but tracks. */
function smallProgram(config: Partial<CalRatioConfig> = {}, options: CalRatioProgramOptions = {}): Program {
  const network = calRatioNetwork({
    filters: { constit: [8, 4], track: [8, 4], MSeg: [4, 4] },
    lstmUnits: { constit: 0, track: 3, MSeg: 0 },
    hiddenLayerFraction: 1 / 16,
    ...config,
  });
  return calRatioProgram(network, initialise(network.original.parameterSpecs, 5), options);
}

describe('adversarial training as one step', () => {
  it('gives the golden losses and weights', async () => {
    const program = calRatioProgram(goldenNetwork, await goldenWeights('w0'), {
      ...(await goldenOptimisers()),
      separateDiscriminatorSample: true,
    });
    const { outputs, state } = await train({ replicas: 1 }, program, 16);
    const { steps } = goldenJson<{ steps: { disc: number[][]; orig: number[] }[] }>(
      'models',
      'calratio_traj.json',
    );
    const expected = {
      discriminatorLoss: steps.map(({ disc }) => disc[1][0]),
      discriminatorAccuracy: steps.map(({ disc }) => disc[1][1]),
      loss: steps.map(({ orig }) => orig[0]),
      mainLoss: steps.map(({ orig }) => orig[1]),
      mainAccuracy: steps.map(({ orig }) => orig[3]),
      adversaryLoss: steps.map(({ orig }) => orig[2]),
      adversaryAccuracy: steps.map(({ orig }) => orig[6]),
    };
    expect(new Set(Object.keys(outputs))).toEqual(new Set(Object.keys(expected)));
    for (const [name, values] of Object.entries(expected)) {
      expectClose(outputs[name], values, { relative: 1e-4 }, name);
    }
    const final = (await goldenStep()).weightsOf(state);
    for (const [name, { values }] of Object.entries(await goldenWeights('wN'))) {
      expectClose(final[name].values, values, { absolute: 1e-5 }, name);
    }
  });

  it('draws the same dropout on every engine', async () => {
    const program = smallProgram();
    const [eager, onnx] = [
      await train('eager', program, 8, 0, 16),
      await train({ replicas: 1 }, program, 8, 0, 16),
    ];
    for (const [name, values] of Object.entries(eager.outputs)) {
      expectClose(onnx.outputs[name], values, { absolute: 1e-5 }, name);
    }
  });

  it('evaluates without dropout and the same on every engine', async () => {
    const data = { train: { rows: ROWS, columns } };
    const eager = await createEagerTrainer(smallProgram(), data);
    const onnx = await createOnnxTrainer(smallProgram({ dropout: 0 }), data, { batchSize: 32, threads: 1 });
    try {
      const { means: expected } = await eager.evaluate('train', ROWS);
      const { means: found } = await onnx.evaluate('train', 32);
      expect(Object.keys(found)).toEqual([
        'loss',
        'mainLoss',
        'mainAccuracy',
        'adversaryLoss',
        'adversaryAccuracy',
      ]);
      for (const [name, value] of Object.entries(expected)) {
        expectClose([found[name]], [value], { absolute: 1e-5 }, name);
      }
    } finally {
      await Promise.all([eager.close(), onnx.close()]);
    }
  });
});

describe('a weight of the distance between data and simulation', () => {
  it.each(['eager', { replicas: 1 }] as const)('is part of the loss with engine %p', async (engine) => {
    // In the first of 200 steps 1 / 40 000 of the weight counts.
    const options = { adversaryWeight: 3, agreementWeight: 20 * 40_000 };
    const program = smallProgram({ dropout: 0, regularisation: 0 }, options);
    const { outputs } = await train(engine, program, 16, 0, 16);
    const [{ mainLoss, adversaryLoss, agreementLoss, loss }] = [outputs];
    expect(Math.abs(agreementLoss[0])).toBeGreaterThan(1e-4);
    expectClose(loss, [mainLoss[0] - 3 * adversaryLoss[0] + 20 * agreementLoss[0]], { absolute: 1e-4 });
  });

  it('brings the outputs of both closer', async () => {
    const far = await train({ replicas: 1 }, smallProgram({ dropout: 0 }, { adversaryWeight: 0 }), 40);
    const options = { adversaryWeight: 0, agreementWeight: 4e7 };
    const near = await train({ replicas: 1 }, smallProgram({ dropout: 0 }, options), 40);
    expect(far.outputs['agreementLoss']).toBeUndefined();
    const [first, second] = near.outputs['agreementLoss'];
    expect(second).toBeLessThan(first);
  });
});

describe('two replicas', () => {
  it('average what each finds in its part of the batch', async () => {
    const options = { discriminatorSteps: 1, mainOptimiser: sgd(), adversaryOptimiser: sgd() };
    const program = smallProgram({ dropout: 0 }, options);
    const both = await train({ replicas: 2 }, program, 32, 0, 32);
    const parts = [
      await train({ replicas: 1 }, program, 16, 0, 16),
      await train({ replicas: 1 }, program, 16, 16, 32),
    ];
    const mean = (values: (part: (typeof parts)[0]) => ArrayLike<number>) =>
      Array.from(values(parts[0]), (x, i) => (x + values(parts[1])[i]) / 2);
    for (const name of ['discriminatorLoss', 'mainLoss', 'mainAccuracy']) {
      expectClose(
        both.outputs[name],
        mean(({ outputs }) => outputs[name]),
        { relative: 1e-5 },
        name,
      );
    }
    for (const name of ['adversary/trainable', 'adversary_norm_1/moving_variance']) {
      expectClose(
        both.state[name].values,
        mean(({ state }) => state[name].values),
        { absolute: 1e-6 },
        name,
      );
    }
  });

  /** BatchNormalization of the adversary takes its statistics from each replica's part: close, not equal. */
  it('come close to one', async () => {
    const program = smallProgram({ dropout: 0 });
    const [one, two] = [await train({ replicas: 1 }, program, 40), await train({ replicas: 2 }, program, 40)];
    const tolerances = { loss: 0.02, mainLoss: 0.02, adversaryLoss: 0.02, discriminatorLoss: 0.15 };
    for (const [name, relative] of Object.entries(tolerances)) {
      expectClose(two.outputs[name], one.outputs[name], { relative }, name);
    }
  });
});
