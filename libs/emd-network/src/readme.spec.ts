import { tf } from '@hep/graph';
import { arrangements } from '@hep/hgcal-geometry';
import { emdNetworkLoss } from '@hep/losses';
import { describeWithFixture, fixturePath } from '@hep/test-support';
import { readEmdNetwork } from './index.ts';

describeWithFixture(['emd-cnn', 'pair_mse.h5'], 'README', () => {
  it('runs the example', async () => {
    await tf.setBackend('cpu');

    const network = await readEmdNetwork(fixturePath('emd-cnn', 'pair_mse.h5'));
    const loss = emdNetworkLoss({ network, arrangement: arrangements['8x8'] });
    const distances = loss(tf.zeros([2, 8, 8, 1]), tf.ones([2, 8, 8, 1]));

    expect(distances.shape).toEqual([2]);
    expect(distances.dataSync()[0]).toBe(distances.dataSync()[1]);
  });
});
