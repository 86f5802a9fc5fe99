import { OnnxRunner } from '@hep/engine';
import { eagerRunner } from '@hep/nn';
import { presentGolden } from '@hep/test-support';
import { goldenAutoencoders } from './testing/golden-autoencoders.ts';
import { firstGradientsAgree, forwardAgrees, trainingAgrees } from './testing/golden-runs.ts';

const onnx = new OnnxRunner();
afterAll(() => onnx.close());

const goldens = presentGolden(goldenAutoencoders, ({ folder, name }) => [folder, `${name}_w0.hdf5`]);

describe.each([eagerRunner, onnx])('$name', (runner) => {
  describe.each(goldens)('$name', (golden) => {
    if (golden.forward) it('forward', () => forwardAgrees(golden, runner));
    it('gradients of the first step', () => firstGradientsAgree(golden, runner));
    it('five steps', () => trainingAgrees(golden, runner));
  });
});
