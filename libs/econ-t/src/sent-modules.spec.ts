import { sendModules } from './index.ts';
import type { ChargeAlgorithm } from './index.ts';

const modules = Int32Array.from({ length: 48 * 300 }, (_, i) =>
  i % 48 === Math.floor(i / 48) % 48 ? 3000 : i % 9 ? 0 : 60,
);
const maximumAt = (charges: ArrayLike<number>, module: number) => {
  const cells = Array.from({ length: 48 }, (_, cell) => charges[48 * module + cell]);
  return cells.indexOf(Math.max(...cells));
};
const droppedBits = 1;
const thresholdSum: ChargeAlgorithm = {
  name: 'threshold-sum',
  thresholds: new Uint16Array(48).fill(47),
  droppedBits,
  sendsFullSum: false,
};

it.each<[ChargeAlgorithm, number, number]>([
  [{ name: 'repeater', droppedBits }, 11, 352],
  [{ name: 'best-choice', droppedBits, sendsFullSum: false }, 3, 96],
  [{ name: 'super-trigger-cells', type: 'STC16_9', droppedBits }, 2, 64],
])('%j on %i eLinks: %i bits, and charges by trigger cell', (algorithm, eLinks, bits) => {
  const { charges, frameBits, cutModules } = sendModules(algorithm, modules, eLinks);
  expect([frameBits, cutModules]).toEqual([bits, 0]);
  for (let module = 0; module < 300; module++) expect(maximumAt(charges, module)).toBe(module % 48);
});

it('threshold sum sends every module where there is room, and cuts them where there is not', () => {
  const wide = sendModules(thresholdSum, modules, 13);
  expect(wide.cutModules).toBe(0);
  expect(wide.frameBits).toBe(112); // 6 or 7 cells above threshold
  const narrow = sendModules(thresholdSum, modules, 2);
  expect(narrow.frameBits).toBe(wide.frameBits);
  const empty = Array.from({ length: 300 }, (_, module) => module).filter(
    (module) => !narrow.charges.subarray(48 * module, 48 * module + 48).some((charge) => charge > 0),
  );
  expect(narrow.cutModules).toBe(empty.length);
  expect(empty.length).toBeGreaterThan(0);
});
