import { eagerRunner, parameterCount } from '@hep/nn';
import { emdNetwork } from './emd-network.ts';
import { emdLossAgrees, emdNetworkAgrees, emdTrainingAgrees } from './testing/golden-runs.ts';

describe('EMD network', () => {
  it('has the parameters of the study', () => {
    expect(parameterCount(emdNetwork().parameterSpecs)).toBe(189089);
    expect(parameterCount(emdNetwork({ denseUnits: 32, convolutions: 4 }).parameterSpecs)).toBe(98817);
  });

  it('estimates as the reference', () => emdNetworkAgrees(eagerRunner));
  it('is the same loss as the reference', () => emdLossAgrees(eagerRunner));
  it('trains as the reference', () => emdTrainingAgrees(eagerRunner));
});
