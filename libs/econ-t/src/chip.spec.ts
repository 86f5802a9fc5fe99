import { readFileSync } from 'node:fs';
import { describeWithFixture, fixturePath } from '@hep/test-support';
import {
  bufferActions,
  BunchCounter,
  chargesOfLinks,
  linkDecoder,
  multiplexerSelect,
  packLinkWords,
  SYNC_WORD,
  Transmitter,
} from './index.ts';
import type { Algorithm, SentFormat } from './index.ts';

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

describe('an idle pattern of its own', () => {
  const counters = new BunchCounter().count(Array.from({ length: 300 }, (_, crossing) => crossing));
  const resetCommands = Uint8Array.from(counters, (_, crossing) => Number(crossing === 3));
  const charges = Int32Array.from({ length: 48 * 300 }, (_, i) => (i * 37) % 900);
  const sent = (algorithm: Algorithm & SentFormat, syncWord: number) =>
    new Transmitter({ algorithm, eLinks: 13, syncWord })
      .send(charges, { counters, resetCommands })
      .links.slice();

  it.each([thresholdSum, { name: 'best-choice', droppedBits: 1, sendsFullSum: false }] as const)(
    'tells a $name receiver of a link reset',
    (algorithm) => {
      const links = sent(algorithm, 0b10110101010);
      const { resets } = linkDecoder(algorithm, 13, 0b10110101010).decode(links);
      const { resets: usual } = linkDecoder(algorithm, 13).decode(sent(algorithm, SYNC_WORD));
      expect(resets).toEqual(usual);
      expect(resets.reduce((sum, reset) => sum + reset, 0)).toBe(256);
      expect(() => linkDecoder(algorithm, 13).decode(links)).toThrow('are not aligned');
    },
  );

  it('is refused where it cannot be told from frames', () => {
    expect(() => linkDecoder(thresholdSum, 4, 0b00010101010)).toThrow(
      'idle pattern 00010101010: its first three bits are those of a frame',
    );
  });
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
