/** The chip's emulator, bit for bit: golden/econt, tolerance zero. */
import { readdirSync } from 'node:fs';
import { goldenJson, goldenNpy, goldenPath } from '@hep/test-support';
import {
  addressOfKey,
  autoencoderPlan,
  batcherNetwork,
  bestChoice,
  BunchCounter,
  bufferActions,
  calibrate,
  CHARGE_CODE,
  convertCharges,
  encodeCharges,
  encodeFloat,
  encoderWord,
  floatToFixed,
  FRAME_WORDS,
  latentFromValues,
  latentMask,
  LinkReset,
  makeFrames,
  multiplex,
  multiplexerSelect,
  packChipWeights,
  parseChipWeights,
  parseEncoderWord,
  repeater,
  resetDelays,
  sortKey,
  sortKeys,
  splitLinkWords,
  superTriggerCells,
  thresholdSum,
  TxBuffer,
  valueOfKey,
  WIDE_SUM_CODE,
} from './index.ts';
import type { Algorithm, Frames, SuperCellType } from './index.ts';

const FOLDER = 'econt';
const files = readdirSync(goldenPath(FOLDER));
const integers = (file: string) => Int32Array.from(goldenNpy(FOLDER, file).values);
const registers = goldenJson<{ CALVALUE: number[]; THRESHV: number[] }>(FOLDER, 'registers.json');
const droppedBits = { ldm: 1, hdm: 3 } as const;
const superCellTypes: readonly SuperCellType[] = ['STC4_9', 'STC16_9', 'CTC4_7', 'STC4_7'];
type Module = keyof typeof droppedBits;

/** A test for each golden file whose name matches; the test gets the name and its groups. */
function eachFile(pattern: RegExp, what: string, test: (file: string, ...groups: string[]) => void): void {
  for (const file of files) {
    const match = pattern.exec(file);
    if (match !== null) it(`${what}: ${file}`, () => test(file, ...match.slice(1)));
  }
}

/** Columns [first, first + width) of a table. */
function columns(table: { shape: number[]; values: Float64Array }, first: number, width: number): number[] {
  const [rows, all] = table.shape;
  return Array.from(
    { length: rows * width },
    (_, i) => table.values[Math.floor(i / width) * all + first + (i % width)],
  );
}

/** A test against files that the committed part of the golden vectors may lack; says when it is skipped. */
function testWith(...names: string[]): typeof it | typeof it.skip {
  const missing = names.filter((name) => !files.includes(name));
  if (missing.length === 0) return it;
  console.warn(`skipped: golden ${FOLDER}/${missing.join(', ')} not found; set HEP_GOLDEN to all of them`);
  return it.skip;
}

describe('input', () => {
  const words = integers('eportrx.npy');
  const rows = words.length / 12;
  const codes = splitLinkWords(words);
  const chip = multiplex(codes, multiplexerSelect('chip'));

  it('counts crossings', () => {
    const crossings = Int32Array.from({ length: rows }, (_, row) => row);
    expect([...new BunchCounter().count(crossings)]).toEqual([...integers('bx_cnt.npy')]);
  });

  testWith('mux_in.npy')('is split into channels', () => {
    const bySlot = (row: number) =>
      Array.from({ length: 48 }, (_, i) => codes[48 * row + 4 * (i % 12) + Math.floor(i / 12)]);
    expect(Array.from({ length: rows }, (_, row) => bySlot(row)).flat()).toEqual([...integers('mux_in.npy')]);
  });

  testWith('mux_out.npy', 'mux_out_tpg.npy')('is multiplexed', () => {
    expect([...chip]).toEqual([...integers('mux_out.npy')]);
    const cells = multiplex(codes, multiplexerSelect('trigger-cell'));
    expect([...cells]).toEqual([...integers('mux_out_tpg.npy')]);
  });

  it('has the select registers of the reference', () => {
    const select = goldenJson<Record<string, number[]>>(FOLDER, 'mux_registers.json');
    expect([...multiplexerSelect('chip')]).toEqual(select['default']);
    expect([...multiplexerSelect('trigger-cell')]).toEqual(select['tpgNtuple']);
    expect([...multiplexerSelect('input')]).toEqual(select['passThrough']);
  });

  eachFile(/^calq_(ldm|hdm)\.npy$/, 'is calibrated', (file, module) => {
    const charges = calibrate(floatToFixed(chip, droppedBits[module as Module]), registers.CALVALUE);
    expect([...charges]).toEqual([...integers(file)]);
  });

  testWith('f2f_ldm.npy', 'f2f_hdm.npy')('is linearised', () => {
    expect([...floatToFixed(chip, 1)]).toEqual([...integers('f2f_ldm.npy')]);
    expect([...floatToFixed(chip, 3)]).toEqual([...integers('f2f_hdm.npy')]);
  });
});

/** Columns of the golden tables of the algorithms, one array for each group of columns. */
const algorithmColumns: Record<string, (charges: Int32Array, drop: number) => ArrayLike<number>[]> = {
  threshold_sum(charges, drop) {
    const { selected, codes, sums, restSums } = thresholdSum(charges, registers.THRESHV, drop);
    return [selected, codes, sums, restSums];
  },
  bestchoice(charges, drop) {
    const { charges: sorted, channels } = bestChoice(charges, drop);
    return [sorted, channels];
  },
  stc(charges, drop) {
    const four = superTriggerCells(charges, 4);
    const sixteen = superTriggerCells(charges, 16);
    const wide = (sum: number) => encodeFloat(sum, WIDE_SUM_CODE);
    const narrow = four.sums.map((sum) => encodeFloat(sum >> drop, CHARGE_CODE));
    return [four.sums.map(wide), sixteen.sums.map(wide), narrow, four.addresses, sixteen.addresses];
  },
  repeater: (charges, drop) => [repeater(charges, drop)],
};

eachFile(/^alg_(\w+)_(ldm|hdm)\.npy$/, 'computes', (file, name, module) => {
  const { shape, values } = goldenNpy(FOLDER, file);
  const charges = integers(`calq_${module}.npy`);
  const groups = algorithmColumns[name](charges, droppedBits[module as Module]);
  let first = 0;
  for (const group of groups) {
    const width = group.length / shape[0];
    expect(Array.from(group)).toEqual(columns({ shape, values }, first, width));
    first += width;
  }
  expect(first).toBe(shape[1]);
});

it("sorts equal values as Batcher's network", () => {
  const inputs = integers('batcher_in.npy');
  const table = goldenNpy(FOLDER, 'batcher_out.npy');
  const network = batcherNetwork(48);
  const sorted = Array.from({ length: inputs.length / 48 }, (_, row) => {
    const keys = Int32Array.from({ length: 48 }, (_, k) => sortKey(inputs[48 * row + k], k));
    sortKeys(keys, network);
    return [...keys];
  }).flat();
  expect(sorted.map(valueOfKey)).toEqual(columns(table, 0, 48));
  expect(sorted.map(addressOfKey)).toEqual(columns(table, 48, 48));
});

/** Columns of the golden formatter tables. */
function formatterTable({ words, counts, truncated, idle, resets }: Frames): number[] {
  return [...counts.keys()].flatMap((row) => [
    ...words.subarray(FRAME_WORDS * row, FRAME_WORDS * (row + 1)),
    counts[row],
    truncated[2 * row],
    truncated[2 * row + 1],
    idle[row],
    resets[row],
  ]);
}

/** Frames of the first `crossings` golden crossings; a link reset is commanded in crossing 40. */
function framesOf(algorithm: Algorithm, module: Module, crossings: number, eLinks: number, isReset: boolean) {
  const commands = Uint8Array.from({ length: crossings }, (_, row) => Number(isReset && row === 40));
  return encodeCharges(algorithm, integers(`calq_${module}.npy`).subarray(0, 48 * crossings), {
    eLinks,
    counters: Uint8Array.from(integers('bx_cnt.npy')).subarray(0, crossings),
    resets: new LinkReset(resetDelays[algorithm.name]).resets(commands),
  });
}

function algorithmOf(name: string, module: Module, sendsFullSum: boolean): Algorithm {
  const drop = droppedBits[module];
  if (name === 'ts') {
    return { name: 'threshold-sum', thresholds: registers.THRESHV, droppedBits: drop, sendsFullSum };
  }
  if (name === 'bc') return { name: 'best-choice', droppedBits: drop, sendsFullSum };
  if (name === 'rpt') return { name: 'repeater', droppedBits: drop };
  return { name: 'super-trigger-cells', type: superCellTypes[Number(name.slice(3))], droppedBits: drop };
}

eachFile(
  /^fmt_(\w+?)_(ldm|hdm)_L(\d+)(_us1)?(?:_us0)?(_reset)?\.npy$/,
  'formats',
  (file, name, module, eLinks, fullSum, reset) => {
    const { shape, values } = goldenNpy(FOLDER, file);
    const algorithm = algorithmOf(name, module as Module, fullSum !== undefined);
    const frames = framesOf(algorithm, module as Module, shape[0], Number(eLinks), reset !== undefined);
    expect(formatterTable(frames)).toEqual([...values]);
  },
);

eachFile(
  /^buf_(\w+?)_(ldm|hdm)_L(\d+)(_us1)?(?:_us0)?(_reset)?\.npy$/,
  'buffers',
  (file, name, module, eLinks, fullSum, reset) => {
    const { shape, values } = goldenNpy(FOLDER, file);
    const algorithm = algorithmOf(name, module as Module, fullSum !== undefined);
    const frames = framesOf(algorithm, module as Module, shape[0], Number(eLinks), reset !== undefined);
    const { links, occupancies, actions } = new TxBuffer(Number(eLinks)).process(frames);
    const table = [...actions.entries()].flatMap(([row, action]) => [
      ...links.subarray(13 * row, 13 * (row + 1)),
      Number(action === bufferActions.cutFull || action === bufferActions.cutShort),
      occupancies[row],
      frames.counts[row],
      ...[1, 2, 3, 4].map((condition) => Number(action === condition)),
    ]);
    expect(table).toEqual([...values]);
  },
);

describe('autoencoder', () => {
  const latent = latentFromValues(goldenNpy(FOLDER, 'ae_latent.npy').values);
  const { sums } = convertCharges(integers('ae_calq.npy'));
  const counters = Uint8Array.from(integers('bx_cnt.npy'));

  it('writes and reads the output word of the encoder', () => {
    const words = goldenJson<string[]>(FOLDER, 'ae_outencoder_hex.json');
    words.forEach((word, row) => {
      const numbers = latent.subarray(16 * row, 16 * (row + 1));
      expect(encoderWord(numbers, sums[row])).toBe(word);
      expect(parseEncoderWord(word)).toEqual({ latent: numbers.slice(), sum: sums[row] });
    });
  });

  eachFile(/^ae_fmt_mask(\d)_L(\d+)\.npy$/, 'formats', (file, mask, eLinks) => {
    const { shape, values } = goldenNpy(FOLDER, file);
    const bytes = goldenJson<number[][]>(FOLDER, 'ae_masks.json')[Number(mask)];
    const settings = { eLinks: Number(eLinks), counters: counters.subarray(0, shape[0]) };
    const plan = autoencoderPlan(latent, sums, latentMask(bytes), Number(eLinks));
    expect(formatterTable(makeFrames(settings, plan))).toEqual([...values]);
  });

  it('reads the weight registers and packs them again', () => {
    const golden = goldenJson<{
      registers_hex: string[];
      w2: number[];
      b2: number[];
      w4: number[];
      b4: number[];
    }>(FOLDER, 'i2c_weights.json');
    const weights = parseChipWeights(golden.registers_hex);
    const values = (raw: Int8Array) => [...raw].map((weight) => weight / 32);
    expect(values(weights.convKernel)).toEqual(golden.w2);
    expect(values(weights.convBias)).toEqual(golden.b2);
    expect(values(weights.denseKernel)).toEqual(golden.w4);
    expect(values(weights.denseBias)).toEqual(golden.b4);
    const digits = (texts: readonly string[]) => texts.map((text) => BigInt(text));
    expect(digits(packChipWeights(weights))).toEqual(digits(golden.registers_hex));
  });
});
