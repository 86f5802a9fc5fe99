import { arrangements, imageFromCharges } from '@hep/hgcal-geometry';
import { sizeOf } from '@hep/nn';
import { integerNetwork } from './integer-network.ts';
import { encoder, studyBits } from './testing/networks.ts';

it('README: codes of the latent vector', () => {
  const network = encoder(studyBits());
  const weights = Object.fromEntries(
    network.parameterSpecs.map(({ name, shape }) => {
      const value = (_: unknown, n: number) => Math.fround(((((7 * n) % 31) - 15) / 16) * 0.6);
      return [name, { shape, values: Float32Array.from({ length: sizeOf(shape) }, value) }];
    }),
  );
  const charges = Float32Array.from({ length: 48 }, (_, k) => ((13 * k) % 29) / 128);
  const chip = integerNetwork(network, weights);
  const codes = chip.codes(imageFromCharges(arrangements['8x8'], charges));
  expect([...codes.subarray(0, 4)]).toEqual([0, 0, 114, 126]);
  expect(chip.outputStep).toBe(1 / 256);
});
