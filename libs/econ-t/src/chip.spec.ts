import { readFileSync } from 'node:fs';
import { describeWithFixture, fixturePath } from '@hep/test-support';
import {
  bufferActions,
  BunchCounter,
  chargesOfLinks,
  linkDecoder,
  multiplexerSelect,
  packLinkWords,
  Transmitter,
} from './index.ts';

const thresholdSum = {
  name: 'threshold-sum',
  thresholds: new Uint16Array(48).fill(47),
  droppedBits: 1,
  sendsFullSum: false,
} as const;
const input = {
  select: multiplexerSelect('chip'),
  inputDroppedBits: 1,
  calibration: new Uint16Array(48).fill(2048),
};

it('leads a charge from its input link to its channel', () => {
  const codes = new Uint8Array(48);
  codes[7] = 60;
  const charges = chargesOfLinks(packLinkWords(codes), input);
  expect(charges[0]).toBe(1600); // input 7 is channel 0: (8 + 4) * 2^7 and half a step of 2^7
  expect(charges.filter((charge) => charge > 1).length).toBe(1);
});

describeWithFixture(['econt', 'ePortRX_2000bx.csv'], 'recorded input links', () => {
  const words = Uint32Array.from(
    readFileSync(fixturePath('econt', 'ePortRX_2000bx.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .flatMap((line) => line.split(',').map(Number)),
  );
  const rows = words.length / 12;
  const crossings = Int32Array.from({ length: rows }, (_, row) => row);

  it('go through the chip in blocks as at once, and back to charges', () => {
    const run = (blockRows: number) => {
      const chip = new Transmitter({ algorithm: thresholdSum, eLinks: 4 });
      const counter = new BunchCounter();
      const decoder = linkDecoder(thresholdSum, 4);
      const sent: number[] = [];
      const received: number[] = [];
      const actions: number[] = [];
      const receive = (links: Uint32Array) => {
        const used = links.filter((_, i) => i % 13 < 4);
        sent.push(...used);
        received.push(...decoder.decode(used).charges);
      };
      for (let row = 0; row < rows; row += blockRows) {
        const end = Math.min(rows, row + blockRows);
        const charges = chargesOfLinks(words.subarray(12 * row, 12 * end), input);
        const block = chip.send(charges, { counters: counter.count(crossings.subarray(row, end)) });
        receive(block.links);
        actions.push(...block.actions);
      }
      receive(chip.drain());
      return { sent, received, actions };
    };
    const whole = run(rows);
    expect(run(333)).toEqual(whole);
    expect(whole.received.length).toBe(48 * rows);
    const charges = chargesOfLinks(words, input);
    const isSent = (i: number) =>
      charges[i] >= 47 && whole.actions[Math.floor(i / 48)] >= bufferActions.storedNearlyFull;
    whole.received.forEach((charge, i) => {
      if (!isSent(i)) expect(charge).toBe(0);
      else expect(Math.abs(charge / charges[i] - 1)).toBeLessThanOrEqual(1 / 16);
    });
  });
});
