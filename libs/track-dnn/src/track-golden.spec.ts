import { OnnxRunner } from '@hep/engine';
import { binaryCrossEntropyOfLogits } from '@hep/losses';
import { Context, batchMean, eagerRunner, gradientsOf, predict, withinPath } from '@hep/nn';
import type { HostTensor, Runner, TensorFunction } from '@hep/nn';
import { expectClose, goldenJson } from '@hep/test-support';
import {
  goldenColumn,
  goldenNetwork,
  goldenRows,
  goldenTensors,
  goldenTrack,
  goldenWeights,
  prefixed,
} from './testing/golden-track.ts';
import { TRACK_LEARNING_RATE, trackTrainStep } from './track-program.ts';

const { classifier, logits } = goldenNetwork;
const onnxRunner = new OnnxRunner();
afterAll(() => onnxRunner.close());

const tracks = (first: number, end: number) => ({
  regular_input_layer: goldenRows('X', first, end),
  categorical_input_layer: goldenColumn('algo', first, end),
});
const batch = (index: number) => ({
  ...tracks(128 * index, 128 * (index + 1)),
  target: goldenColumn('Y', 128 * index, 128 * (index + 1)),
  sampleWeight: goldenRows('w', 128 * index, 128 * (index + 1)),
});

const classify: TensorFunction = (tensors) => ({
  score: predict(classifier, withinPath(tensors, 'weights'), tensors)[classifier.outputs[0]],
});

const differentiate: TensorFunction = (tensors) => {
  const parameters = withinPath(tensors, 'weights');
  const trainable = logits.parameterSpecs.filter((spec) => spec.trainable);
  return gradientsOf(trainable, parameters, () => {
    const prediction = logits.apply(parameters, tensors, new Context(true))[logits.outputs[0]];
    const perTrack = binaryCrossEntropyOfLogits(tensors['target'], prediction);
    return { value: batchMean(perTrack, tensors['sampleWeight']), extra: {} };
  }).gradients;
};

const step = trackTrainStep(goldenNetwork);
const train: TensorFunction = (tensors) => {
  const { state, outputs } = step(withinPath(tensors, 'state'), tensors);
  return { ...prefixed('state', state), loss: outputs['loss'] };
};

async function fiveSteps(runner: Runner): Promise<{ losses: number[]; final: Record<string, HostTensor> }> {
  let state: Record<string, HostTensor> = step.initialState(await goldenWeights());
  const losses: number[] = [];
  for (let i = 0; i < 5; i++) {
    const results = await runner.run(train, {
      ...batch(i),
      learningRate: { shape: [], values: [TRACK_LEARNING_RATE] },
      step: { shape: [], values: [i + 1] },
      ...prefixed('state', state),
    });
    state = withinPath(results, 'state');
    losses.push(results['loss'].values[0]);
  }
  return { losses, final: step.weightsOf(state) };
}

describe.each<Runner>([eagerRunner, onnxRunner])('track network on $name', (runner) => {
  it('scores of trained weights', async () => {
    const { score } = await runner.run(classify, {
      ...tracks(0, 256),
      ...prefixed('weights', await goldenWeights()),
    });
    expectClose(score.values, goldenTrack('out_trained').values, { absolute: 1e-5 });
  });

  it('gradients of the first step', async () => {
    const found = await runner.run(differentiate, {
      ...batch(0),
      ...prefixed('weights', await goldenWeights()),
    });
    for (const [name, { values }] of await goldenTensors('track_grad0.h5')) {
      expectClose(found[name].values, values, { relative: 1e-4, absolute: 1e-7 }, name);
    }
  });

  it('losses of five steps and the weights after them', async () => {
    const { losses, final } = await fiveSteps(runner);
    const expected = goldenJson<{ loss_per_step: number[] }>('models', 'track_losses.json').loss_per_step;
    expectClose(losses, expected, { relative: 1e-4 }, 'losses');
    const weights = await goldenTensors('track_wN.h5');
    expect(Object.keys(final)).toEqual([...weights.keys()]);
    for (const [name, { values }] of weights) {
      expectClose(final[name].values, values, { relative: 1e-4, absolute: 1e-6 }, name);
    }
  });
});
