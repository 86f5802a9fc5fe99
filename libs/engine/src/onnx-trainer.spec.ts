import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { tf } from '@hep/graph';
import { describeWhen, expectClose } from '@hep/test-support';
import { createEagerTrainer, createOnnxTrainer } from './index.ts';
import type { HostState, Program, Trainer } from './index.ts';
import {
  adversarial,
  flatRegression,
  regression,
  toyData,
  transport,
  withTally,
} from './testing/toy-programs.ts';

const ROWS = 103;
const BATCH = 20;
const order = Int32Array.from({ length: ROWS }, (_, index) => (index * 37) % ROWS);
const batches = Math.ceil(ROWS / BATCH);

async function epoch(trainer: Trainer, from = 0, to = batches) {
  return trainer.train({
    dataset: 'train',
    order,
    batchSize: BATCH,
    firstBatch: from,
    endBatch: to,
    step: from + 1,
    learningRates: new Float32Array(to - from).fill(0.05),
    scalars: { strength: 0.02 },
    seed: 99,
  });
}

function expectSameState(actual: HostState, expected: HostState, absolute: number): void {
  expect(Object.keys(actual)).toEqual(Object.keys(expected));
  for (const name of Object.keys(expected)) {
    expectClose(actual[name]!.values, expected[name]!.values, { absolute }, name);
  }
}

const programs: [string, Program][] = [
  ['regression', regression({ dropout: false })],
  ['regression with a weighed penalty', regression({ dropout: false, penalty: true })],
  ['regression with dropout', regression({ dropout: true })],
  ['regression with an update that replicas divide', flatRegression()],
  ['adversarial steps', adversarial()],
  ['steps with work of the host', transport()],
];

describe.each(programs)('%s', (_name, program) => {
  const data = { train: toyData(ROWS) };
  let oracle: { outputs: Readonly<Record<string, Float64Array>>; state: HostState };

  beforeAll(async () => {
    const eager = await createEagerTrainer(program, data);
    const { outputs } = await epoch(eager);
    oracle = { outputs, state: await eager.readState() };
    await eager.close();
  });

  it.each([1, 2, 3])(
    'gives the eager numbers with %i replicas, partial last batch included',
    async (replicas) => {
      const trainer = await createOnnxTrainer(program, data, { batchSize: BATCH, replicas, threads: 1 });
      try {
        const { outputs, rows, badBatch } = await epoch(trainer);
        expect([...rows]).toEqual([20, 20, 20, 20, 20, 3]);
        expect(badBatch).toBe(-1);
        for (const [name, values] of Object.entries(oracle.outputs)) {
          expectClose(outputs[name]!, values, { absolute: 2e-6 }, name);
        }
        expectSameState(await trainer.readState(), oracle.state, 2e-6);
      } finally {
        await trainer.close();
      }
    },
  );

  it('gives the same bits when the epoch is cut and the state travels through the host', async () => {
    const whole = await createOnnxTrainer(program, data, { batchSize: BATCH, replicas: 2, threads: 1 });
    const first = await createOnnxTrainer(program, data, { batchSize: BATCH, replicas: 2, threads: 1 });
    const second = await createOnnxTrainer(program, data, { batchSize: BATCH, replicas: 2, threads: 1 });
    try {
      await epoch(whole);
      await epoch(first, 0, 3);
      await second.writeState(await first.readState());
      await epoch(second, 3, batches);
      expectSameState(await second.readState(), await whole.readState(), 0);
    } finally {
      await Promise.all([whole, first, second].map((trainer) => trainer.close()));
    }
  });
});

describe('trainer', () => {
  const program = regression({ dropout: false });

  it('reads rows that a column picks from a table', async () => {
    const plain = toyData(47);
    const picks = Int32Array.from({ length: 47 }, (_, row) => (row * 5) % 9);
    const x = { ...plain.columns['x']!, picks };
    const repeated = Float32Array.from(
      { length: 47 * 6 },
      (_, i) => x.values[picks[Math.floor(i / 6)]! * 6 + (i % 6)]!,
    );
    const picked = { rows: 47, columns: { ...plain.columns, x } };
    const copied = { rows: 47, columns: { ...plain.columns, x: { rowShape: x.rowShape, values: repeated } } };
    const onnx = await createOnnxTrainer(
      program,
      { picked, copied },
      { batchSize: BATCH, replicas: 2, threads: 1 },
    );
    const eager = await createEagerTrainer(program, { picked });
    try {
      const expected = await onnx.evaluate('copied', 10);
      expect(await onnx.evaluate('picked', 10)).toEqual(expected);
      expectClose([(await eager.evaluate('picked', 47)).means['loss']], [expected.means['loss']], {
        relative: 1e-6,
      });
    } finally {
      await Promise.all([eager.close(), onnx.close()]);
    }
  });

  it('evaluates the exact mean over all rows', async () => {
    const data = { train: toyData(ROWS), validation: toyData(47) };
    const eager = await createEagerTrainer(program, data);
    const onnx = await createOnnxTrainer(program, data, { batchSize: BATCH, replicas: 2, threads: 1 });
    try {
      const { means: exact } = await eager.evaluate('validation', 47);
      expectClose([(await onnx.evaluate('validation', 10)).means['loss']], [exact.loss!], { relative: 1e-6 });
      expectClose([(await onnx.evaluate('validation', 100)).means['loss']], [exact.loss!], {
        relative: 1e-6,
      });
    } finally {
      await Promise.all([eager.close(), onnx.close()]);
    }
  });

  it('stops after the batch whose loss is not finite and names it', async () => {
    const data = toyData(ROWS);
    data.columns['target']!.values[order[45]!] = Number.NaN;
    const onnx = await createOnnxTrainer(
      program,
      { train: data },
      { batchSize: BATCH, replicas: 2, threads: 1 },
    );
    try {
      expect((await epoch(onnx)).badBatch).toBe(2);
    } finally {
      await onnx.close();
    }
  });

  it('fails when a replica dies, instead of waiting for it', async () => {
    const onnx = await createOnnxTrainer(
      flatRegression(),
      { train: toyData(ROWS) },
      { batchSize: BATCH, replicas: 2, threads: 1 },
    );
    const [, second] = (onnx as unknown as { connections: { call(name: string): Promise<unknown> }[] })
      .connections;
    const { call } = second!;
    second!.call = (name, ...rest: []) =>
      name === 'train' ? Promise.reject(new Error('worker stopped with exit code 1')) : call(name, ...rest);
    await expect(epoch(onnx)).rejects.toThrow('worker stopped with exit code 1');
    await onnx.close();
  });

  it('refuses a state of another program', async () => {
    const onnx = await createOnnxTrainer(
      program,
      { train: toyData(ROWS) },
      { batchSize: BATCH, replicas: 1 },
    );
    try {
      const state = { ...(await onnx.readState()), w2: { shape: [3], values: new Float32Array(3) } };
      await expect(onnx.writeState(state)).rejects.toThrow('state "w2": expected 8 elements, found 3');
    } finally {
      await onnx.close();
    }
  });

  it('refuses a step whose results differ between replicas', async () => {
    const careless: Program = {
      ...program,
      step: (state, { x }) => ({ outputs: { loss: tf.mean(x!) }, state }),
    };
    await expect(
      createOnnxTrainer(careless, { train: toyData(ROWS) }, { batchSize: BATCH, replicas: 2 }),
    ).rejects.toThrow('"loss" would differ between replicas: pass it through allReduceMean in the step');
  });

  const runtime = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));
  const libraries = readdirSync(runtime, { recursive: true, encoding: 'utf8' });
  const hasNoProvider = !libraries.some((path) => path.endsWith('libonnxruntime_providers_cuda.so'));
  describeWhen(hasNoProvider, 'ONNX Runtime has its CUDA provider here', 'without a CUDA provider', () => {
    it('says how to get one', async () => {
      await expect(
        createOnnxTrainer(program, { train: toyData(ROWS) }, { batchSize: BATCH, device: 'cuda' }),
      ).rejects.toThrow("device cuda 0: ONNX Runtime's CUDA provider does not load");
    });
  });
});

describe('tallies', () => {
  const program = withTally(regression({ dropout: false }));
  const data = { train: toyData(ROWS) };
  const target = data.train.columns['target']!.values;
  const above = target.filter((value) => value > 0).length;
  /** Those of rows: [below, 0, sums of features], [0, above, sums of features]. */
  function expected(rows: readonly number[]): number[] {
    const sums = [new Float64Array(8), new Float64Array(8)];
    for (const row of rows) {
      const kind = target[row]! > 0 ? 1 : 0;
      sums[kind]![kind]!++;
      for (let i = 0; i < 6; i++) sums[kind]![2 + i]! += data.train.columns['x']!.values[row * 6 + i]!;
    }
    return sums.flatMap((numbers) => [...numbers]);
  }

  it.each([1, 2, 3])('are summed over batches and %i replicas, the last batch included', async (replicas) => {
    const onnx = await createOnnxTrainer(program, data, { batchSize: BATCH, replicas, threads: 1 });
    try {
      const { outputs, tallies } = await epoch(onnx);
      expect(Object.keys(outputs)).toEqual(['loss']);
      expectClose(tallies['kinds']!, expected([...order]), { absolute: 1e-4 });
      expect([tallies['kinds']![0], tallies['kinds']![9]]).toEqual([ROWS - above, above]);
      const part = await epoch(onnx, 5, 6);
      expectClose(part.tallies['kinds']!, expected([...order.slice(5 * BATCH)]), { absolute: 1e-4 });
      const { means, tallies: evaluated } = await onnx.evaluate('train', 30);
      expect(Object.keys(means)).toEqual(['loss']);
      expectClose(evaluated['kinds']!, expected([...order]), { absolute: 1e-4 });
    } finally {
      await onnx.close();
    }
  });

  it('are the same on eager tfjs', async () => {
    const eager = await createEagerTrainer(program, data);
    const { tallies } = await epoch(eager);
    expectClose(tallies['kinds']!, expected([...order]), { absolute: 1e-4 });
    const { tallies: evaluated } = await eager.evaluate('train', 30);
    expectClose(evaluated['kinds']!, expected([...order]), { absolute: 1e-4 });
    await eager.close();
  });

  it('of a batch without rows for every replica count each row once', async () => {
    const few = { train: toyData(41) };
    const onnx = await createOnnxTrainer(program, few, { batchSize: BATCH, replicas: 3, threads: 1 });
    const rows = Int32Array.from({ length: 41 }, (_, row) => row);
    const request = {
      dataset: 'train',
      order: rows,
      batchSize: BATCH,
      firstBatch: 0,
      endBatch: 3,
      step: 1,
      seed: 1,
    };
    const { tallies } = await onnx.train({ ...request, learningRates: new Float32Array(3) });
    await onnx.close();
    expect(tallies['kinds']![0]! + tallies['kinds']![9]!).toBe(41);
  });
});

describe('memory', () => {
  it('stays flat over ten thousand steps', async () => {
    const data = { train: toyData(200) };
    const everyRow = Int32Array.from({ length: 200 }, (_, index) => index);
    const trainer = await createOnnxTrainer(regression({ dropout: true }), data, {
      batchSize: 20,
      replicas: 2,
    });
    const epochs = async (first: number, count: number) => {
      for (let index = first; index < first + count; index++) {
        await trainer.train({
          dataset: 'train',
          order: everyRow,
          batchSize: 20,
          firstBatch: 0,
          endBatch: 10,
          step: 10 * index + 1,
          learningRates: new Float32Array(10).fill(0.001),
          seed: 1,
        });
      }
    };
    try {
      await epochs(0, 200);
      const before = process.memoryUsage().rss;
      await epochs(200, 800);
      expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(40);
    } finally {
      await trainer.close();
    }
  });
});

it('a request without a scalar of the program is refused, and its value matters', async () => {
  const program = regression({ dropout: false, penalty: true });
  const data = { train: toyData(ROWS) };
  const request = { dataset: 'train', order, batchSize: BATCH, firstBatch: 0, endBatch: 1, step: 1, seed: 1 };
  const learningRates = Float32Array.of(0.05);
  for (const trainer of [
    await createEagerTrainer(program, data),
    await createOnnxTrainer(program, data, { batchSize: BATCH, replicas: 1, threads: 1 }),
  ]) {
    try {
      await expect(trainer.train({ ...request, learningRates })).rejects.toThrow(
        'program regression: the request has no value of strength',
      );
      const loss = async (strength: number) =>
        (await trainer.train({ ...request, learningRates, scalars: { strength } })).outputs['loss']![0]!;
      expect(await loss(10)).toBeGreaterThan(2 * (await loss(0)));
    } finally {
      await trainer.close();
    }
  }
});
