import { OnnxRunner } from '@hep/engine';
import { eagerRunner, parameterCount } from '@hep/nn';
import { emdNetwork } from './emd-network.ts';
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
  it('trains as the reference', () => emdTrainingAgrees(runner));
});
