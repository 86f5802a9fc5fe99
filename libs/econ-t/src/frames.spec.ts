/** Frames of the golden module of the chip's specification, and the way back from link words to charges. */
import fc from 'fast-check';
import {
  autoencoderPlan,
  BunchCounter,
  CHARGE_CODE,
  chipEncoder,
  convertCharges,
  decodeFloat,
  encodeCharges,
  encodeFloat,
  encoderWord,
  FRAME_WORDS,
  latentMask,
  latentMaskFor,
  LatentLinks,
  linkDecoder,
  LinkReset,
  makeFrames,
  maskBytes,
  packChipWeights,
  parseChipWeights,
  parseEncoderWord,
  resetDelays,
  superCellFormats,
  superCellTypes,
  TxBuffer,
  WIDE_SUM_CODE,
} from './index.ts';
import type { Algorithm, ChipWeights, SentFormat, SuperCellType } from './index.ts';

const moduleCharges = Int32Array.from(
  [[3, 0, 50, 7], Array(8).fill(0), [100, 2, 2, 100], Array.from({ length: 32 }, (_, k) => 10 * k)].flat(),
);
const droppedBits = 1;
const sendsFullSum = false;
const superCells = (type: SuperCellType) => ({ name: 'super-trigger-cells', type, droppedBits }) as const;
const algorithms = {
  ts: { name: 'threshold-sum', thresholds: new Array(48).fill(47), droppedBits, sendsFullSum },
  bc: { name: 'best-choice', droppedBits, sendsFullSum },
  rpt: { name: 'repeater', droppedBits },
  STC4_9: superCells('STC4_9'),
  STC16_9: superCells('STC16_9'),
  CTC4_7: superCells('CTC4_7'),
  STC4_7: superCells('STC4_7'),
} satisfies Record<string, Algorithm>;

describe('golden module', () => {
  it.each([
    ['ts', 4, '8c26 2009 07ff ffff 2870 e142 e60d 1b38 74fa 0408 5122 468d 2254 a993 a750 a142 952a 4000'],
    ['bc', 2, '947b 2dba f50a 54a9'],
    ['bc', 3, '945a abb2 dbaf 50a1 4295 2a40'],
    ['bc', 5, '93e0 0000 0003 fff4 68d2 254a 993a 750a 1429 52a4'],
    ['STC4_9', 5, '9bff fff1 7000 0049 1712 cae6 0329 a8de 7200 0000'],
    ['STC16_9', 2, '9fff 281c 91a0 0000'],
    ['STC4_7', 4, '9bff fff2 e000 242e 955b 064d 5bb9 0000'],
    ['CTC4_7', 3, '92e0 0024 2e95 5b06 4d5b b900'],
    [
      'rpt',
      11,
      '8810 0501 8000 0000 0000 001c 0204 e000 a287 9228 5cc1 a367 0e9f 4081 0a24 48d1 a44a 9532 74ea 1428 52a5 4800',
    ],
  ] as const)('%s on %i eLinks has the words of the specification', (name, eLinks, text) => {
    const { words, counts } = encodeCharges(algorithms[name], moduleCharges, {
      eLinks,
      counters: Uint8Array.of(17),
    });
    const hex = [...words.subarray(0, counts[0])].map((word) => word.toString(16).padStart(4, '0'));
    expect(hex.join(' ')).toBe(text);
  });

  it('has the latent frames of the specification', () => {
    const latent = Uint16Array.from({ length: 16 }, (_, i) => (37 * i + 5) % 512);
    const sums = Uint16Array.of(encodeFloat(1234, WIDE_SUM_CODE));
    const frames = [1, 2, 3, 4, 5].map((eLinks) => {
      const plan = autoencoderPlan(latent, sums, latentMaskFor(eLinks), eLinks);
      const { words } = makeFrames({ eLinks, counters: Uint8Array.of(5) }, plan);
      return Array.from({ length: eLinks }, (_, link) =>
        ((words[2 * link] * 65536 + words[2 * link + 1]) >>> 0).toString(16).padStart(8, '0'),
      ).join(' ');
    });
    expect(frames).toEqual([
      '29cc3f80',
      '29cc03fd 6c8d2240',
      '29cc183d ccdeb283 96939040',
      '29cc180b cf0cf76a 4b84e17a 63a4c501',
      '29cc1802 fcdc1ce5 dea52d84 38d7c993 a13c5405',
    ]);
  });

  it('keeps the bits that the masks of the specification keep', () => {
    const first = [1, 2, 3, 4, 5].map((eLinks) => [...maskBytes(latentMaskFor(eLinks)).slice(-3).reverse()]);
    expect(first.map((bytes) => bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(' '))).toEqual([
      '80 40 20',
      'e0 70 38',
      'f8 7c 3e',
      'fe 7f 3f',
      'ff ff ff',
    ]);
  });
});

/** Charges of crossings that are empty, sparse or full, up to the 22 bits of CALQ. */
const crossing = fc
  .tuple(fc.constantFrom(0, 0.1, 0.5, 1), fc.array(fc.nat(2 ** 22 - 1), { minLength: 48, maxLength: 48 }))
  .map(([share, charges]) => charges.map((charge, k) => ((k * 37) % 48 < 48 * share ? charge % 5000 : 0)));
const someCrossings = fc.array(crossing, { minLength: 1, maxLength: 30 });
const eLinkCounts = fc.integer({ min: 1, max: 13 });

/** Link words [crossings, eLinks] of charges sent by an algorithm, those left in the buffer at the end too. */
function send(
  algorithm: Algorithm,
  charges: Int32Array,
  eLinks: number,
  resetAt = -1,
): { links: number[]; actions: number[] } {
  const rows = charges.length / 48;
  const crossings = Array.from({ length: rows }, (_, row) => (3560 + row) % 3564);
  const commands = crossings.map((_, row) => Number(row === resetAt));
  const frames = encodeCharges(algorithm, charges, {
    eLinks,
    counters: new BunchCounter().count(crossings),
    resets: new LinkReset(resetDelays[algorithm.name]).resets(commands),
  });
  const buffer = new TxBuffer(eLinks);
  const { links, actions } = buffer.process(frames);
  const used = (words: Uint32Array) => [...words].filter((_, i) => i % 13 < eLinks);
  return {
    links: [...used(links), ...(algorithm.name === 'threshold-sum' ? used(buffer.drain()) : [])],
    actions: [...actions],
  };
}

const flat = (crossings: readonly (readonly number[])[]) => Int32Array.from(crossings.flat());

/** A charge as the back end sees it. */
function seen(charge: number, bits = droppedBits): number {
  const code = encodeFloat(charge, CHARGE_CODE, bits);
  return code === 0 ? 0 : decodeFloat(code, CHARGE_CODE, bits);
}

describe('the way back', () => {
  it('of the threshold sum gives the charges above threshold, and sums of truncated frames', () => {
    fc.assert(
      fc.property(someCrossings, eLinkCounts, (crossings, eLinks) => {
        const { links, actions } = send(algorithms.ts, flat(crossings), eLinks);
        const decoder = linkDecoder({ name: 'threshold-sum', droppedBits }, eLinks);
        const half = eLinks * Math.floor(links.length / eLinks / 2);
        const parts = [decoder.decode(links.slice(0, half)), decoder.decode(links.slice(half))];
        const charges = parts.flatMap((part) => [...part.charges]);
        const expected = crossings.flatMap((list, row) =>
          list.map((charge) => (charge >= 47 && actions[row] > 2 ? seen(charge) : 0)),
        );
        expect(charges).toEqual(expected);
        const sums = parts.flatMap((part) => [...part.sums]);
        const total = (row: number) => crossings[row].reduce((sum, charge) => sum + charge, 0);
        sums.forEach((sum, row) => {
          if (actions[row] < 3) expect(Math.abs(sum - total(row))).toBeLessThanOrEqual(total(row) / 16);
        });
      }),
      { numRuns: 60 },
    );
  });

  it('of the repeater gives all charges that fit', () => {
    fc.assert(
      fc.property(someCrossings, eLinkCounts, (crossings, eLinks) => {
        const { charges } = linkDecoder({ name: 'repeater', droppedBits }, eLinks).decode(
          send(algorithms.rpt, flat(crossings), eLinks).links,
        );
        const arriving = Math.min(48, Math.floor((32 * eLinks - 5) / 7));
        expect([...charges]).toEqual(
          crossings.flatMap((list) => list.map((charge, k) => (k < arriving ? seen(charge) : 0))),
        );
      }),
      { numRuns: 30 },
    );
  });

  it('of best choice gives the largest charges where enough channels have charge', () => {
    const [row] = [[...moduleCharges]];
    const { charges, sums } = linkDecoder({ name: 'best-choice', droppedBits }, 5).decode(
      send(algorithms.bc, moduleCharges, 5).links,
    );
    const threshold = [...row].sort((a, b) => b - a)[13];
    expect([...charges]).toEqual(row.map((charge) => (charge >= threshold ? seen(charge) : 0)));
    const rest = row.filter((charge) => charge < threshold).reduce((sum, charge) => sum + charge, 0);
    expect(Math.abs(sums[0] - rest)).toBeLessThan(rest / 16);
  });

  it('of best choice gives few charges at their places only where zeros are sent, too', () => {
    const few = new Int32Array(48);
    few[20] = 900;
    few[40] = 500;
    const received = (keepsZeros: boolean) => {
      const { links } = send({ ...algorithms.bc, keepsZeros }, few, 5);
      return [...linkDecoder(algorithms.bc, 5).decode(links).charges];
    };
    expect(received(true)).toEqual([...few].map((charge) => seen(charge)));
    expect(received(false).filter((charge) => charge > 0)).toEqual([seen(900), seen(500)]);
    expect(received(false)).not.toEqual(received(true));
  });

  it.each(superCellTypes)('of %s conserves the sums of groups that fit', (type) => {
    const { cells, groupsByELinks } = superCellFormats[type];
    const mostELinks = groupsByELinks.length;
    fc.assert(
      fc.property(someCrossings, fc.integer({ min: 1, max: mostELinks }), (crossings, eLinks) => {
        const decode = (spread: 'largest' | 'equal') =>
          linkDecoder({ name: 'super-trigger-cells', type, droppedBits, spread }, eLinks).decode(
            send(algorithms[type], flat(crossings), eLinks).links,
          ).charges;
        const charges = decode('largest');
        const sent = crossings.flat();
        const groupSums = (values: ArrayLike<number>) =>
          Array.from({ length: values.length / cells }, (_, group) =>
            Array.from({ length: cells }, (_, k) => values[group * cells + k]).reduce((a, b) => a + b),
          );
        const sums = groupSums(sent);
        groupSums(charges).forEach((sum, group) => {
          if (sum > 0) expect(Math.abs(sum - sums[group])).toBeLessThanOrEqual(sums[group] / 16 + 1);
        });
        groupSums(decode('equal')).forEach((sum, group) =>
          expect(sum).toBeCloseTo(groupSums(charges)[group]),
        );
      }),
      { numRuns: 20 },
    );
  });

  it('of the autoencoder gives the kept bits of the latent numbers and the sum', () => {
    const latentNumbers = fc.uint16Array({ minLength: 16, maxLength: 16, max: 511 });
    fc.assert(
      fc.property(latentNumbers, crossing, fc.integer({ min: 1, max: 7 }), (latent, charges, eLinks) => {
        const mask = latentMaskFor(eLinks);
        const algorithm: Algorithm = { name: 'autoencoder', encoder: () => latent, mask };
        const { links } = send(algorithm, Int32Array.from(charges), eLinks);
        const read = new LatentLinks(eLinks, mask).decode(links);
        expect(read.latent).toEqual(latent.map((number, k) => number & mask[k]));
        const total = charges.reduce((sum, charge) => sum + charge, 0);
        expect(Math.abs(read.sums[0] - total)).toBeLessThanOrEqual(total / 32 + 0.5);
      }),
    );
  });

  it('hands latent numbers and sums to a decoder', () => {
    const algorithm: Algorithm = {
      name: 'autoencoder',
      encoder: (inputs) => new Uint16Array(inputs.length / 3).fill(256),
      mask: latentMaskFor(5),
    };
    const format: SentFormat = {
      name: 'autoencoder',
      mask: latentMaskFor(5),
      decoder: (latent, sums) =>
        Float32Array.from({ length: 3 * latent.length }, (_, i) => sums[Math.floor(i / 48)] * latent[0]),
    };
    const { charges } = linkDecoder(format, 5).decode(send(algorithm, moduleCharges, 5).links);
    expect(charges.length).toBe(48);
    expect(charges[0]).toBeGreaterThan(0);
  });

  it.each(['ts', 'bc', 'rpt', 'STC16_9'] as const)('of %s knows crossings of a link reset', (name) => {
    const rows = 400;
    const charges = Int32Array.from({ length: 48 * rows }, (_, i) => (i % 48 === 7 ? 60 : 0));
    const algorithm: Algorithm = algorithms[name];
    const { links } = send(algorithm, charges, 2, 50);
    const format = algorithm as SentFormat;
    const { resets } = linkDecoder(format, 2).decode(links);
    const first = 50 + resetDelays[algorithm.name];
    expect([resets.indexOf(1), resets.lastIndexOf(1), resets.filter(Boolean).length]).toEqual([
      first,
      first + 255,
      256,
    ]);
    expect(resets.length).toBe(rows);
  });
});

it('there is none from links that carry nothing', () => {
  expect(() => linkDecoder(algorithms.STC16_9, 3)).toThrow(
    'STC16_9 on 3 eLinks: the chip sends nothing; expected at most 2',
  );
});

describe('damaged link words', () => {
  const charges = Int32Array.from({ length: 48 * 40 }, (_, i) => (i * 7919) % 300);
  const format: SentFormat = { name: 'best-choice', droppedBits };

  it('that are cut within a crossing are refused', () => {
    expect(() => linkDecoder(format, 4).decode(send(algorithms.bc, charges, 4).links.slice(0, -1))).toThrow(
      'link words: 159 numbers; expected a multiple of 4',
    );
  });

  it.each(['ts', 'bc', 'rpt', 'STC4_7'] as const)('%s: shifted by one link they are refused', (name) => {
    const { links } = send(algorithms[name], charges, 4);
    const shifted = [...links.slice(1), 0];
    const decoder = linkDecoder(algorithms[name] as SentFormat, 4);
    expect(() => decoder.decode(shifted)).toThrow(/^crossing \d+: .* not aligned/);
  });

  it('with a lost crossing name it', () => {
    const { links } = send(algorithms.bc, charges, 4);
    expect(() => linkDecoder(format, 4).decode(links.toSpliced(4 * 10, 4))).toThrow(
      'crossing 10: bunch counter 7, expected 6 or 15: the words are not aligned, or of other eLinks or another algorithm',
    );
  });

  it('with set bits behind the frame name the crossing', () => {
    const { links } = send(algorithms.bc, charges, 4);
    links[7] |= 1;
    expect(() => linkDecoder(format, 4).decode(links)).toThrow(
      'crossing 1: bits behind the 123 of a frame are set',
    );
  });
});

describe('autoencoder registers', () => {
  const tensor = (length: number) =>
    fc.int8Array({ minLength: length, maxLength: length, min: -32, max: 31 });
  const weights: fc.Arbitrary<ChipWeights> = fc.record({
    convKernel: tensor(72),
    convBias: tensor(8),
    denseKernel: tensor(2048),
    denseBias: tensor(16),
  });

  it('hold any weights', () => {
    fc.assert(
      fc.property(weights, (values) => expect(parseChipWeights(packChipWeights(values))).toEqual(values)),
      { numRuns: 10 },
    );
  });

  it('refuse what they cannot hold', () => {
    const registers = packChipWeights(parseChipWeights(new Array(12).fill('0')));
    expect(() => parseChipWeights(registers.slice(1))).toThrow('11 weight registers; expected 12');
    expect(() => parseChipWeights([...registers.slice(1), 'x1'])).toThrow(
      'weight register 11: "x1"; expected a hexadecimal number of 1072 bits',
    );
    expect(() => parseChipWeights([...registers.slice(1), `0x1${'0'.repeat(268)}`])).toThrow('of 1072 bits');
    const zero = parseChipWeights(registers);
    expect(() => packChipWeights({ ...zero, convBias: Int8Array.of(1) })).toThrow(
      'convBias: 1 weights; expected 8',
    );
    expect(() => packChipWeights({ ...zero, denseBias: new Int8Array(16).fill(32) })).toThrow(
      'denseBias: weight 32; expected an integer from -32 to 31',
    );
  });

  it('hold any mask and output word', () => {
    const bytes = fc.uint8Array({ minLength: 18, maxLength: 18 });
    fc.assert(fc.property(bytes, (mask) => expect(maskBytes(latentMask(mask))).toEqual(mask)));
    expect(() => parseEncoderWord('12g')).toThrow(
      'encoder word "12g"; expected a hexadecimal number of 153 bits',
    );
    expect(encoderWord(new Uint16Array(16).fill(511), 511)).toBe(`1${'f'.repeat(38)}`);
  });
});

describe('autoencoder', () => {
  it('normalises by the power of two below the sum', () => {
    fc.assert(
      fc.property(crossing, (charges) => {
        const { inputs, sums } = convertCharges(Int32Array.from(charges));
        const total = charges.reduce((sum, charge) => sum + charge, 0);
        const power = total === 0 ? 1 : 2 ** Math.floor(Math.log2(total));
        charges.forEach((charge, k) => expect(inputs[k]).toBe(Math.floor((charge * 128) / power)));
        expect(sums[0]).toBe(encodeFloat(total, WIDE_SUM_CODE));
      }),
    );
  });

  it('runs the network on integers', () => {
    const zero = parseChipWeights(new Array(12).fill('0'));
    const biased = {
      ...zero,
      convBias: new Int8Array(8).fill(16),
      denseKernel: new Int8Array(2048).fill(1),
      denseBias: new Int8Array(16).fill(-32),
    };
    // each of 128 features is 1/2, each weight 1/32, the bias -1: 128 * 1/64 - 1 = 1
    expect([...chipEncoder(biased)(new Uint8Array(48))]).toEqual(new Array(16).fill(256));
    const large = { ...biased, denseBias: new Int8Array(16).fill(31) };
    expect(chipEncoder(large)(new Uint8Array(48))[0]).toBe(511);
    expect(chipEncoder(large, { overflow: 'wrap' })(new Uint8Array(48))[0]).toBe((512 + 248) & 511);
  });

  it('sees cell 0 in the middle of the upper edge', () => {
    const zero = parseChipWeights(new Array(12).fill('0'));
    const convKernel = new Int8Array(72);
    convKernel[0] = 31; // upper left weight of filter 0
    const denseKernel = new Int8Array(2048);
    denseKernel[16 * 8 * 2] = 31; // place (0, 2), filter 0 to output 0
    const inputs = new Uint8Array(48);
    inputs[0] = 128;
    const latent = chipEncoder({ ...zero, convKernel, denseKernel })(inputs);
    expect([...latent.subarray(0, 2)]).toEqual([Math.floor((31 * 31 * 256) / 1024), 0]);
  });
});

it('frames of all crossings lie one after the other', () => {
  const { words, counts } = encodeCharges(algorithms.rpt, Int32Array.of(...moduleCharges, ...moduleCharges), {
    eLinks: 11,
    counters: Uint8Array.of(3, 4),
  });
  expect([...counts]).toEqual([22, 22]);
  expect(words[FRAME_WORDS] >> 11).toBe(4);
  expect(() =>
    encodeCharges(algorithms.rpt, moduleCharges, { eLinks: 0, counters: Uint8Array.of(3) }),
  ).toThrow('0 eLinks: expected an integer from 1 to 13');
});
