import fc from 'fast-check';
import { CounterSequence } from './decode/link-words.ts';
import {
  addressOfKey,
  batcherNetwork,
  BunchCounter,
  channelOrder,
  chipChannels,
  counterOfCrossing,
  FRAME_WORDS,
  FrontEndReset,
  inputChannels,
  inverseSelect,
  LinkReset,
  multiplex,
  multiplexerSelect,
  packLinkWords,
  sortKey,
  sortKeys,
  splitLinkWords,
  triggerCellOfChannel,
  TxBuffer,
  valueOfKey,
} from './index.ts';
import type { Frames } from './index.ts';

describe('input links', () => {
  const codes = fc
    .array(fc.integer({ min: 0, max: 127 }), { minLength: 96, maxLength: 96 })
    .map((list) => Uint8Array.from(list));

  it.each(['lowest-first', 'highest-first'] as const)('are packed and split, %s', (order) => {
    fc.assert(
      fc.property(codes, (list) => expect(splitLinkWords(packLinkWords(list, order), order)).toEqual(list)),
    );
  });

  it('must come in whole crossings', () => {
    expect(() => splitLinkWords(new Uint32Array(13))).toThrow(
      'link words: 13 numbers; expected a multiple of 12',
    );
  });
});

describe('multiplexer', () => {
  it('has tables that hold each channel once', () => {
    for (const table of [chipChannels, inputChannels, triggerCellOfChannel(), multiplexerSelect('chip')]) {
      expect([...table].sort((a, b) => a - b)).toEqual(Array.from({ length: 48 }, (_, k) => k));
    }
  });

  it('can be undone', () => {
    const permutation = fc.shuffledSubarray([...Array(48).keys()], { minLength: 48, maxLength: 48 });
    const channels = fc.int32Array({ minLength: 96, maxLength: 96 });
    fc.assert(
      fc.property(permutation, channels, (select, list) => {
        expect(multiplex(multiplex(list, select), inverseSelect(select))).toEqual(list);
      }),
    );
  });

  it('brings groups of four to neighbouring trigger cells', () => {
    const cells = triggerCellOfChannel();
    expect([...cells.subarray(28, 32)].sort((a, b) => a - b)).toEqual([0, 1, 4, 5]);
    expect(channelOrder('best-choice')).toBe('chip');
    expect(channelOrder('autoencoder')).toBe('trigger-cell');
  });

  it('refuses a table that lacks a channel', () => {
    expect(() => inverseSelect(new Uint8Array(48))).toThrow('channel 1 is not selected; expected each once');
  });
});

describe("Batcher's network", () => {
  it.each([1, 2, 7, 16, 48])('sorts %i numbers and keeps their addresses', (size) => {
    const network = batcherNetwork(size);
    const values = fc.array(fc.nat(50), { minLength: size, maxLength: size });
    fc.assert(
      fc.property(values, (list) => {
        const keys = Int32Array.from(list, sortKey);
        sortKeys(keys, network);
        expect([...keys].map(valueOfKey)).toEqual([...list].sort((a, b) => b - a));
        for (const key of keys) expect(list[addressOfKey(key)]).toBe(valueOfKey(key));
        expect(new Set([...keys].map(addressOfKey)).size).toBe(size);
      }),
    );
  });

  it('puts equal values where the chip puts them', () => {
    const keys = Int32Array.from({ length: 48 }, (_, k) => sortKey(k === 3 ? 1 : 5, k));
    sortKeys(keys, batcherNetwork(48));
    const between = (first: number, last: number) =>
      Array.from({ length: last - first + 1 }, (_, i) => first + i);
    expect([...keys].map(addressOfKey)).toEqual(
      [0, 1, 2, 35, between(4, 34), 43, between(36, 42), 47, 44, 45, 46, 3].flat(),
    );
  });
});

describe('counters', () => {
  it('follow each other over the end of an orbit', () => {
    const crossings = Array.from({ length: 2 * 3564 }, (_, i) => counterOfCrossing(i % 3564));
    const sequence = new CounterSequence(false);
    crossings.forEach((counter, i) => sequence.follow(counter, i));
    expect([crossings[0], crossings[15], crossings[16], crossings[3563]]).toEqual([31, 15, 0, 11]);
    expect(() => sequence.follow(13, crossings.length)).toThrow('bunch counter 13, expected 12 or 31');
  });

  it('start again at header 9, across blocks', () => {
    const headers = Uint32Array.of(0xa << 28, 0x9 << 28, 0xa << 28, 0xa << 28);
    const whole = new BunchCounter(3562).count([7, 8, 9, 10], headers);
    expect([...whole]).toEqual([7, 10, 11, 31]);
    const counter = new BunchCounter(3562);
    const parts = [
      counter.count([7, 8], headers.subarray(0, 2)),
      counter.count([9, 10], headers.subarray(2)),
    ];
    expect(parts.flatMap((part) => [...part])).toEqual([...whole]);
  });
});

describe('resets', () => {
  /** First and last crossing without data when a reset is commanded in crossing `command` of 700. */
  const range = (delay: number, command: number, cut: number) => {
    const commands = Uint8Array.from({ length: 700 }, (_, row) => Number(row === command));
    const reset = new LinkReset(delay);
    const marks = [
      ...reset.resets(commands.subarray(0, cut), commands[cut]),
      ...reset.resets(commands.subarray(cut)),
    ];
    return [marks.indexOf(1), marks.lastIndexOf(1), marks.filter(Boolean).length];
  };

  it.each([39, 40, 41, 42, 100])('of the links last 256 crossings, blocks cut at %i', (cut) => {
    expect(range(1, 40, cut)).toEqual([41, 296, 256]);
    expect(range(0, 40, cut)).toEqual([40, 295, 256]);
    expect(range(-1, 40, cut)).toEqual([39, 294, 256]);
    expect(range(-1, 0, cut)).toEqual([0, 254, 255]);
  });

  it('of the front end last 325 crossings', () => {
    const marks = new FrontEndReset().resets(
      Uint8Array.from({ length: 500 }, (_, row) => Number(row === 10)),
    );
    expect([marks.indexOf(1), marks.lastIndexOf(1)]).toEqual([10, 334]);
  });
});

describe('buffer', () => {
  const frames = (counts: readonly number[]): Frames => {
    const words = new Uint16Array(counts.length * FRAME_WORDS);
    counts.forEach((count, row) => {
      for (let i = 0; i < count; i++) words[row * FRAME_WORDS + i] = 1000 * row + i + 1;
    });
    const truncated = Uint16Array.from({ length: 2 * counts.length }, (_, i) => 0x600 | (i >> 1));
    return {
      words,
      counts: Uint8Array.from(counts),
      truncated,
      idle: new Uint16Array(counts.length),
      resets: new Uint8Array(counts.length),
    };
  };
  const lengths = fc.array(fc.integer({ min: 1, max: 26 }), { minLength: 1, maxLength: 60 });

  it('never loses words and sends them in order', () => {
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: 13 }), (counts, eLinks) => {
        const buffer = new TxBuffer(eLinks);
        const block = frames(counts);
        const { links, actions, occupancies } = buffer.process(block);
        const sent = [...links, ...buffer.drain()];
        const words = sent.flatMap((word, i) => (i % 13 < eLinks ? [word >>> 16, word & 0xffff] : []));
        const expected = counts.flatMap((count, row) =>
          actions[row] < 3
            ? [0x600 | (actions[row] === 2 ? 0x100 : 0) | (row & ~0x100)]
            : [...block.words.subarray(row * FRAME_WORDS, row * FRAME_WORDS + count)],
        );
        let position = 0;
        for (const word of words) if (word === expected[position]) position++;
        expect(position).toBe(expected.length);
        expect(Math.max(...occupancies)).toBeLessThanOrEqual(24 * eLinks);
      }),
    );
  });

  it('gives the same words in blocks of any size', () => {
    fc.assert(
      fc.property(lengths, fc.nat(60), (counts, cut) => {
        const whole = new TxBuffer(2).process(frames(counts));
        const buffer = new TxBuffer(2);
        const { words, truncated, idle, resets } = frames(counts);
        const part = (from: number, to: number) =>
          buffer.process({
            words: words.subarray(from * FRAME_WORDS, to * FRAME_WORDS),
            counts: Uint8Array.from(counts.slice(from, to)),
            truncated: truncated.subarray(2 * from, 2 * to),
            idle,
            resets,
          });
        const first = part(0, Math.min(cut, counts.length));
        const second = part(Math.min(cut, counts.length), counts.length);
        expect([...first.links, ...second.links]).toEqual([...whole.links]);
      }),
    );
  });

  it('refuses a size without room', () => {
    expect(() => new TxBuffer(2, { full: 0, nearlyFull: 0, shortFrame: 0 })).toThrow(
      'buffer of 0 words; expected 1 to 32768',
    );
    expect(() => new TxBuffer(14)).toThrow('14 eLinks: expected an integer from 1 to 13');
  });
});
