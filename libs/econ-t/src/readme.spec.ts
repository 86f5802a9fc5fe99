import { BunchCounter, linkDecoder, Transmitter } from './index.ts';

it('sends and reads charges as the README shows', () => {
  const algorithm = { name: 'best-choice', droppedBits: 1, sendsFullSum: false } as const;
  const charges = Int32Array.from({ length: 48 }, (_, channel) => 10 * channel);
  const chip = new Transmitter({ algorithm, eLinks: 5 });
  const { links } = chip.send(charges, { counters: new BunchCounter().count([1]) });
  const decoded = linkDecoder(algorithm, 5).decode(links.subarray(0, 5));
  expect(links.length).toBe(13);
  const kept = [...decoded.charges.keys()].filter((channel) => decoded.charges[channel] > 0);
  expect(kept).toEqual(Array.from({ length: 14 }, (_, i) => 34 + i));
  for (const channel of kept)
    expect(Math.abs(decoded.charges[channel] / charges[channel] - 1)).toBeLessThan(1 / 16);
});
