import { OnnxRunner } from '@hep/engine';
import { eagerRunner } from '@hep/nn';
import { goldenAutoencoders } from './testing/golden-autoencoders.ts';
import { firstGradientsAgree, forwardAgrees, trainingAgrees } from './testing/golden-runs.ts';

const onnx = new OnnxRunner();
afterAll(() => onnx.close());

describe.each([eagerRunner, onnx])('$name', (runner) => {
  describe.each(goldenAutoencoders)('$name', (golden) => {
    if (golden.forward) it('forward', () => forwardAgrees(golden, runner));
    it('gradients of the first step', () => firstGradientsAgree(golden, runner));
    it('five steps', () => trainingAgrees(golden, runner));
  });
});
