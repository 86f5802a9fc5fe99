import { parseChipWeights } from '@hep/econ-t';
import { integerNetwork } from '@hep/integer-network';
import { initialise } from '@hep/nn';
import type { HostTensor } from '@hep/nn';
import { chipRegisters } from './chip-registers.ts';
import { ecoderModel } from './zoo.ts';

const chip = ecoderModel('8x8_c8_S2_tele_qK', { preset: 'asic' }).encoder;
const weights = initialise(chip.parameterSpecs, 1);

it('packs the weights of the chip without a change', () => {
  const { registers, changed } = chipRegisters(chip.network, weights)!;
  expect(changed).toBe(0);
  const read = parseChipWeights(registers);
  const back: Record<string, HostTensor> = Object.fromEntries(
    [read.convKernel, read.convBias, read.denseKernel, read.denseBias].map((codes, i) => {
      const { name, shape } = chip.parameterSpecs[i];
      return [name, { shape, values: Float32Array.from(codes, (code) => code / 32) }];
    }),
  );
  const images = Float32Array.from({ length: 20 * 64 }, (_, i) => ((i * 37) % 101) / 400);
  expect(integerNetwork(chip.network, back).codes(images)).toEqual(
    integerNetwork(chip.network, weights).codes(images),
  );
});

it('counts what the chip cannot hold', () => {
  const { encoder } = ecoderModel('8x8_c8_S2_tele_qK');
  const values = Float32Array.from({ length: 8 }, (_, i) => [1.5, -1.5, 0.5, 1][i] ?? 0);
  const wide = { ...weights, 'conv2d_0_m/bias': { shape: [8], values } };
  const { registers, changed } = chipRegisters(encoder.network, wide)!;
  expect([...parseChipWeights(registers).convBias]).toEqual([31, -32, 16, 31, 0, 0, 0, 0]);
  expect(changed).toBeGreaterThanOrEqual(3);
});

it('knows only networks of the size of the chip', () => {
  const { encoder } = ecoderModel('8x8_c[8]_qK');
  expect(chipRegisters(encoder.network, initialise(encoder.parameterSpecs, 1))).toBeNull();
});
