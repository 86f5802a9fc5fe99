import { arrangements } from '@hep/hgcal-geometry';
import { telescope, weightedMse } from '@hep/losses';
import { eagerRunner } from '@hep/nn';
import { denseCnn } from './dense-cnn.ts';
import { firstGradientsAgree, forwardAgrees, trainingAgrees } from './testing/golden-runs.ts';
import type { GoldenAutoencoder } from './testing/golden-runs.ts';

const strided = denseCnn({ imageShape: [8, 8, 1], strides: [2] });
const telescope8x8 = telescope(arrangements['8x8']);
const cases: GoldenAutoencoder[] = [
  { folder: 'models', name: 'S2_tele', model: strided, loss: telescope8x8 },
  { folder: 'models', name: 'S2_wmse', model: strided, loss: weightedMse },
];

describe.each(cases)('$name on eager tfjs', (golden) => {
  it('forward', () => forwardAgrees(golden, eagerRunner));
  it('gradients of the first step', () => firstGradientsAgree(golden, eagerRunner));
  it('five steps', () => trainingAgrees(golden, eagerRunner));
});
