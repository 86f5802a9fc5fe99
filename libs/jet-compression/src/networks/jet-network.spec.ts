import { Context, eagerRunner, initialise, parameterCount } from '@hep/nn';
import { expectClose } from '@hep/test-support';
import { jetNetwork } from './jet-network.ts';
import { jetLayouts, layoutOf } from './layouts.ts';
import { parseLayout } from './parse-layout.ts';
import { KL_COST, sampling } from './sampling.ts';

const options = { variables: 4, variational: false, dropoutRate: 0.1, initialGain: 1 };

describe('jet networks', () => {
  it('have the parameters of the study', () => {
    const { encoder, decoder } = jetNetwork({ ...options, layout: layoutOf('AE_3D_200') });
    expect([encoder, decoder].map(({ parameterSpecs }) => parameterCount(parameterSpecs))).toEqual([
      26303, 26304,
    ]);
  });

  it.each(Object.keys(jetLayouts))('%s gives as many variables as it reads', (name) => {
    const layout = layoutOf(name);
    const { encoder, decoder, training } = jetNetwork({ ...options, layout, variational: true });
    expect(encoder.network.outputs[0].shape).toEqual([layout.latent]);
    expect(decoder.network.outputs[0].shape).toEqual([4]);
    expect(training.network.outputs[0].shape).toEqual([4]);
    expect(parseLayout(JSON.parse(JSON.stringify(layout)), 'a')).toEqual(layout);
  });

  it('start within the limits of PyTorch', () => {
    const { autoencoder } = jetNetwork({ ...options, layout: layoutOf('AE_3D_200') });
    const weights = initialise(autoencoder.parameterSpecs, 1);
    const largest = (name: string) => Math.max(...weights[name].values.map(Math.abs));
    expect(largest('encoder/en1/kernel')).toBeLessThanOrEqual(0.5);
    expect(largest('encoder/en2/bias')).toBeLessThanOrEqual(Math.sqrt(1 / 200) + 1e-7);
    expect(largest('encoder/en1/bias')).toBeGreaterThan(0.4);
  });

  it('of layouts that are none are refused', () => {
    const layout = layoutOf('AE_3D_200');
    for (const wrong of [
      null,
      {},
      { ...layout, latent: 0 },
      { ...layout, hidden: ['exp'] },
      { ...layout, restored: ['tanh', 'tanh'] },
      { ...layout, encoder: [1e9] },
      { ...layout, output: 'exp' },
    ]) {
      expect(() => parseLayout(wrong, 'a.json: layout')).toThrow('a.json: layout: expected encoder');
    }
  });
});

describe('sampling', () => {
  const layer = sampling({ name: 'sampling' });
  const moments = { shape: [2, 4], values: [0.5, -1, 0, Math.log(2), 0, 0, 0, 0] };

  it('gives the means in inference and reports the divergence', async () => {
    const { z, kl } = await eagerRunner.run(
      ({ x }) => {
        const context = new Context(false).within('sampling');
        const z = layer.apply({}, [x], context);
        return { z, kl: context.costs.find(({ kind }) => kind === KL_COST)!.amount };
      },
      { x: moments },
    );
    expectClose(z.values, [0.5, -1, 0, 0], { absolute: 1e-7 });
    const ofFirst = -0.5 * (1 - 0.25 - 1 + (1 + 2 * Math.log(2) - 1 - 4));
    expectClose(kl.values, [ofFirst / 2], { absolute: 1e-6 });
  });

  it('draws normal numbers of the given width', async () => {
    const rows = 4000;
    const values = Float32Array.from({ length: 2 * rows }, (_, i) => (i % 2 === 0 ? 3 : Math.log(2)));
    const { z } = await eagerRunner.run(
      ({ x, seed }) => ({ z: layer.apply({}, [x], new Context(true, seed).within('sampling')) }),
      { x: { shape: [rows, 2], values }, seed: { shape: [], values: [7], dtype: 'int32' } },
    );
    const mean = z.values.reduce((sum, value) => sum + value, 0) / rows;
    const deviation = Math.sqrt(z.values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / rows);
    expect(mean).toBeCloseTo(3, 0);
    expect(Math.abs(mean - 3)).toBeLessThan(0.1);
    expect(Math.abs(deviation - 2)).toBeLessThan(0.08);
  });
});
