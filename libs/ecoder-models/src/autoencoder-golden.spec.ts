import { eagerRunner } from '@hep/nn';
import { goldenAutoencoders } from './testing/golden-autoencoders.ts';
import { firstGradientsAgree, forwardAgrees, trainingAgrees } from './testing/golden-runs.ts';

describe.each(goldenAutoencoders)('$name on eager tfjs', (golden) => {
  if (golden.forward) it('forward', () => forwardAgrees(golden, eagerRunner));
  it('gradients of the first step', () => firstGradientsAgree(golden, eagerRunner));
  it('five steps', () => trainingAgrees(golden, eagerRunner));
});
