import { fixturePath, describeWithFixture } from '@hep/test-support';
import { compressionErrors } from '../evaluation/errors.ts';
import { readJets } from '../tables/stream-jets.ts';
import { errorFactors, normaliseJets, restoreJets, selectJets } from '../variables/normalisation.ts';
import { CodecRunner } from './codec-runner.ts';
import { loadCodec } from './load-codec.ts';
import { refineLatent } from './refine.ts';

describeWithFixture(['jet-autoencoder'], 'refined latent vectors', () => {
  it('lower the error of every jet or leave it, and of all jets clearly', async () => {
    const codec = await loadCodec(fixturePath('jet-autoencoder', '4D_TLA.json'));
    const all = await readJets(
      [fixturePath('jet-autoencoder', 'jets_test_4D.csv')],
      ['m', 'pt', 'phi', 'eta'],
    );
    const m = all.columns.get('m')!;
    const jets = selectJets(
      all,
      [...m.keys()].filter((row) => m[row] > 0.08 && row < 3000),
    );
    const variables = normaliseJets(codec.normalisation, jets);
    const runner = await CodecRunner.create(codec, 1);
    try {
      const latent = await runner.encode(variables);
      const factors = errorFactors(codec.normalisation, codec.metric);
      const mse = async (vectors: Float32Array) => {
        const after = restoreJets(codec.normalisation, await runner.decode(vectors));
        return compressionErrors(codec.metric, jets, after).mse;
      };
      const before = await mse(latent);
      const one = await mse(await refineLatent(runner, variables, latent, { rounds: 1, factors }));
      const four = await mse(await refineLatent(runner, variables, latent, { rounds: 4, factors }));
      expect(one).toBeLessThan(before);
      expect(four).toBeLessThan(0.97 * before);
      expect(four).toBeLessThanOrEqual(one);
      expect(await refineLatent(runner, variables, latent, { rounds: 0, factors })).toEqual(latent);
    } finally {
      await runner.close();
    }
  });
});
