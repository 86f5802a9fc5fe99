import { OnnxRunner } from '@hep/engine';
import { tf } from '@hep/graph';
import { arrangements } from '@hep/hgcal-geometry';
import { eagerRunner, initialise, parameterCount, predict } from '@hep/nn';
import type { Weights } from '@hep/nn';
import { expectClose } from '@hep/test-support';
import { emdNetworkLoss } from './emd-loss.ts';
import { emdNetwork } from './emd-network.ts';
import type { EmdNetworkOptions } from './emd-network.ts';
import { emdLossAgrees, emdNetworkAgrees, emdTrainingAgrees } from './testing/golden-runs.ts';

const onnx = new OnnxRunner();
afterAll(() => onnx.close());

it('the EMD network has the parameters of the study', () => {
  expect(parameterCount(emdNetwork().parameterSpecs)).toBe(189089);
  expect(parameterCount(emdNetwork({ denseUnits: 32, convolutions: 4 }).parameterSpecs)).toBe(98817);
});

describe.each([eagerRunner, onnx])('EMD network on $name', (runner) => {
  it('estimates as the reference', () => emdNetworkAgrees(runner));
  it('is the same loss as the reference', () => emdLossAgrees(runner));
  it('trains as the reference', () => emdTrainingAgrees(runner, runner === onnx ? 5 : 1));
});

describe('the frozen network', () => {
  const arrangement = arrangements['4x4x3'];
  const images = (phase: number) => ({
    shape: [3, ...arrangement.shape],
    values: Array.from({ length: 3 * 48 }, (_, i) => Math.abs(Math.sin(phase + i))),
  });
  const inputs = { target: images(0), prediction: images(1) };

  /** Random weights, those of the normalisations included. */
  function randomWeights(size: EmdNetworkOptions): Weights {
    const weights = initialise(emdNetwork(size).parameterSpecs, 1);
    return Object.fromEntries(
      Object.entries(weights).map(([name, { shape, values }]) => {
        const isKernel = name.endsWith('/kernel');
        const varied = values.map((value, i) => (isKernel ? value : 1.5 + Math.sin(i + name.length)));
        return [name, { shape, values: varied }];
      }),
    );
  }

  it.each([
    { filters: 3, kernelSize: 3, convolutions: 2, denseUnits: 5, denseLayers: 2 },
    { filters: 2, kernelSize: 4, convolutions: 1, denseUnits: 4 },
    { filters: 2, kernelSize: 7, convolutions: 2, denseLayers: 0 },
  ])('estimates as the network it was made from: %j', async (size) => {
    const weights = randomWeights(size);
    const loss = emdNetworkLoss({ network: { size, weights }, arrangement, normalise: false });
    const { losses, expected } = await eagerRunner.run(
      ({ target, prediction, ...parameters }) => ({
        losses: loss(target, prediction),
        expected: predict(emdNetwork(size), parameters, { input_1: target, input_2: prediction })['average'],
      }),
      { ...inputs, ...weights },
    );
    expectClose(losses.values, expected.values, { relative: 2e-6 });
  });

  it('does not see the scale of normalised patterns', async () => {
    const network = { size: { filters: 2 }, weights: randomWeights({ filters: 2 }) };
    const loss = emdNetworkLoss({ network, arrangement });
    const { once, thrice } = await eagerRunner.run(
      ({ target, prediction, three }) => ({
        once: loss(target, prediction),
        thrice: loss(tf.mul(target, three), prediction),
      }),
      { ...inputs, three: { shape: [], values: [3] } },
    );
    expectClose(thrice.values, once.values, { relative: 1e-5 });
  });
});
