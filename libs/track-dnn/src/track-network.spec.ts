import { createEagerTrainer, createOnnxTrainer, OnnxRunner } from '@hep/engine';
import type { Runner } from '@hep/nn';
import { eagerRunner, initialise, parameterCount, predict, withinPath } from '@hep/nn';
import { areaUnderRoc, kerasThresholds, rocCurve } from '@hep/statistics';
import { describeWithFixture, expectClose, fixturePath, goldenJson } from '@hep/test-support';
import { readFileSync } from 'node:fs';
import { areaOfCounts, scoreCounts, trackNetwork, trackProgram } from './index.ts';
import { goldenNetwork, goldenTrack, goldenWeights, namesOf, prefixed } from './testing/golden-track.ts';

const onnxRunner = new OnnxRunner();
afterAll(() => onnxRunner.close());

describe('track network', () => {
  it('has the parameters of the reference', () => {
    const { total, layers } = goldenJson<{
      total: number;
      layers: { weights: { shape: number[]; trainable: boolean }[] }[];
    }>('models', 'track_params.json');
    const specs = goldenNetwork.classifier.parameterSpecs;
    expect(parameterCount(specs)).toBe(total);
    expect(specs.map(({ shape, trainable }) => ({ shape, trainable }))).toEqual(
      layers.flatMap(({ weights }) => weights.map(({ shape, trainable }) => ({ shape, trainable }))),
    );
    expect(namesOf(goldenNetwork.logits.parameterSpecs)).toEqual(namesOf(specs));
  });

  it('takes the iteration as a number, other sizes and another activation', () => {
    const { classifier } = trackNetwork({
      ranges: { minimum: Array<number>(29).fill(0), maximum: Array<number>(29).fill(1) },
      hiddenUnits: [64, 32],
      activation: 'swish',
      oneHotIteration: false,
      outputBias: 0,
    });
    expect(parameterCount(classifier.parameterSpecs)).toBe(30 * 64 + 64 + 256 + 64 * 32 + 32 + 128 + 33);
    const weights = initialise(classifier.parameterSpecs, 1);
    expect([...weights['dense_2/bias'].values]).toEqual([0]);
  });

  it('refuses hidden layers without units', () => {
    const ranges = { minimum: [], maximum: [] };
    expect(() => trackNetwork({ ranges, features: [], hiddenUnits: [8, 0] })).toThrow('hidden units: 0');
  });

  it("describes its own layers with the reference's classes", () => {
    const layers = goldenNetwork.classifier.network.nodes.flatMap(({ layer }) =>
      layer === null ? [] : [layer.kerasConfig()],
    );
    expect(layers.slice(0, 4).map(({ className }) => className)).toEqual([
      'InputSanitizerLayer',
      'OneHotLayer',
      'Concatenate',
      'Dense',
    ]);
    expect(layers.slice(0, 4).map(({ isCustom }) => isCustom ?? false)).toEqual([true, true, false, false]);
    expect(layers[0].config['preprocessed_max_values']).toHaveLength(29);
    expect(layers[layers.length - 1].config['activation']).toBe('sigmoid');
  });
});

describe('training with replicas', () => {
  const rows = 512;
  const columns = {
    regular_input_layer: { rowShape: [29], values: Float32Array.from(goldenTrack('X').values) },
    categorical_input_layer: { rowShape: [1], values: Float32Array.from(goldenTrack('algo').values) },
    target: { rowShape: [1], values: Float32Array.from(goldenTrack('Y').values) },
    sampleWeight: { rowShape: [], values: Float32Array.from(goldenTrack('w').values) },
  };

  /** Steps from the golden weights over rows [first, end), one after the other. */
  async function train(replicas: number, batchSize: number, first: number, end: number) {
    const program = trackProgram(goldenNetwork, await goldenWeights());
    const data = { train: { rows, columns } };
    const trainer = await createOnnxTrainer(program, data, { batchSize, replicas, threads: 1 });
    const steps = (end - first) / batchSize;
    try {
      const { outputs } = await trainer.train({
        dataset: 'train',
        order: Int32Array.from({ length: end - first }, (_, i) => first + i),
        batchSize,
        firstBatch: 0,
        endBatch: steps,
        step: 1,
        learningRates: new Float32Array(steps).fill(3e-4),
        seed: 1,
      });
      const state = await trainer.readState();
      return { losses: outputs['loss'], state, after: (await trainer.evaluate('train', 300)).means };
    } finally {
      await trainer.close();
    }
  }

  /** Each replica normalises by the statistics of its own part of the batch, hence only "close" to one replica. */
  it('averages what each replica finds in its part, and comes close to one replica', async () => {
    const [one, two] = [await train(1, 256, 0, rows), await train(2, 256, 0, rows)];
    expectClose(two.losses, one.losses, { relative: 0.2 }, 'losses');
    expectClose([two.after['loss']], [one.after['loss']], { relative: 0.02 }, 'loss afterwards');
    const parts = [await train(1, 128, 0, 128), await train(1, 128, 128, 256)];
    expectClose(
      [two.losses[0]],
      [(parts[0].losses[0] + parts[1].losses[0]) / 2],
      { relative: 1e-6 },
      'first loss',
    );
  });

  it('evaluates as eager tfjs does', async () => {
    const { state, after } = await train(1, 256, 0, 256);
    const program = { ...trackProgram(goldenNetwork, await goldenWeights()), initialState: state };
    const eager = await createEagerTrainer(program, { train: { rows, columns } });
    const { means: expected } = await eager.evaluate('train', rows);
    await eager.close();
    expectClose([after['loss'], after['accuracy']], [expected['loss'], expected['accuracy']], {
      relative: 1e-5,
    });
  });
});

describe('area under the ROC', () => {
  it("is that of Keras' metric", () => {
    const { auc, pred } = goldenJson<{ auc: number; pred: number[] }>('models', 'track_auc.json');
    const labels = goldenTrack('Y').values.subarray(0, 256);
    const area = areaUnderRoc(rocCurve(pred, labels, { thresholds: kerasThresholds() }));
    expectClose([area], [auc], { absolute: 1e-5 });
  });

  it.each<Runner>([eagerRunner, onnxRunner])('comes from counts of scores on $name', async (runner) => {
    const { auc, pred } = goldenJson<{ auc: number; pred: number[] }>('models', 'track_auc.json');
    const logits = pred.map((score) => Math.log(score / (1 - score)));
    const counts = async (first: number, end: number) => {
      const shape = [end - first, 1];
      const { y } = await runner.run(({ target, scores }) => ({ y: scoreCounts(target, scores) }), {
        target: { shape, values: goldenTrack('Y').values.slice(first, end) },
        scores: { shape, values: logits.slice(first, end) },
      });
      return Float64Array.from(y.values);
    };
    const parts = [await counts(0, 100), await counts(100, pred.length)];
    const sums = parts[0].map((count, i) => count + parts[1][i]);
    expect(sums.reduce((sum, count) => sum + count)).toBe(pred.length);
    expectClose([areaOfCounts(sums)], [auc], { absolute: 1e-5 });
  });

  it('counts scores at the ends and on the edges of the bins as Keras does', async () => {
    const scores = [0, 1 / 199, 1.5 / 199, 198.5 / 199, 1];
    const logits = scores.map((score) => Math.max(-200, Math.min(200, Math.log(score / (1 - score)))));
    const { y } = await eagerRunner.run(({ target, x }) => ({ y: scoreCounts(target, x) }), {
      target: { shape: [5, 1], values: [0, 0, 0, 1, 1] },
      x: { shape: [5, 1], values: logits },
    });
    const filled = [...y.values].flatMap((count, bin) => (count > 0 ? [[bin, count]] : []));
    expect(filled).toEqual([
      [0, 2],
      [1, 1],
      [210 + 198, 2],
    ]);
    expect(areaOfCounts(Float64Array.from(y.values))).toBe(1);
  });
});

interface ModelFixture {
  readonly min: number[];
  readonly max: number[];
  readonly x: number[][];
  readonly algo: number[];
  readonly output: number[];
  readonly layers: { name: string; weights: { shape: number[]; data: number[] }[] }[];
}

describeWithFixture(['trackdnn', 'model_io.json'], 'model of the reference with random weights', () => {
  it('gives its scores', async () => {
    const fixture = JSON.parse(
      readFileSync(fixturePath('trackdnn', 'model_io.json'), 'utf8'),
    ) as ModelFixture;
    const { classifier } = trackNetwork({ ranges: { minimum: fixture.min, maximum: fixture.max } });
    const stored = fixture.layers.flatMap(({ weights }) => weights);
    const weights = classifier.parameterSpecs.map(
      ({ name }, i): [string, { shape: number[]; values: number[] }] => [
        name,
        { shape: stored[i].shape, values: stored[i].data },
      ],
    );
    const { score } = await eagerRunner.run(
      (tensors) => ({
        score: predict(classifier, withinPath(tensors, 'weights'), tensors)[classifier.outputs[0]],
      }),
      {
        regular_input_layer: { shape: [8, 29], values: fixture.x.flat() },
        categorical_input_layer: { shape: [8, 1], values: fixture.algo },
        ...prefixed('weights', Object.fromEntries(weights)),
      },
    );
    expectClose(score.values, fixture.output, { absolute: 1e-5 });
  });
});
