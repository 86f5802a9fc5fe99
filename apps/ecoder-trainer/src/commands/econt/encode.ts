import {
  BunchCounter,
  channelOrder,
  chargesOfLinks,
  csvHeader,
  csvLines,
  densityDefaults,
  FRAME_WORDS,
  FrontEndReset,
  inverseSelect,
  multiplex,
  multiplexerSelect,
  outputColumns,
  streamInput,
  Transmitter,
  triggerCellOfChannel,
} from '@hep/econ-t';
import type { AlgorithmName, ColumnBlock, InputBlock, InputSettings, Transmission } from '@hep/econ-t';
import { atomicWrite, readyOutput } from '@hep/files';
import { command, defineOptions, option } from '@hep/options';
import { z } from 'zod';
import { eLinks, formatOptions, senderOptions } from './options.ts';
import { bufferRegisters, calibrationRegisters, chosenAlgorithm, chosenFormat } from './registers.ts';

/** Options of `econt encode`. */
export const options = defineOptions({
  input: option({
    schema: z.string(),
    describe: 'CSV file: words of the 12 input links (ePortRxDataGroup_0..11), or charges (CALQ_0..47)',
    alias: 'i',
    group: 'Data',
  }),
  output: option({ schema: z.string(), describe: 'CSV file to write', alias: 'o', group: 'Data' }),
  stage: option({
    schema: z.enum(['charges', 'frames', 'links']).default('links'),
    describe: 'what to write: calibrated charges, frames of the formatter, or words of the output links',
    group: 'Data',
  }),
  linkHeaders: option({
    schema: z.boolean().default(false),
    describe: 'bits 31 to 28 of the input words are headers',
    group: 'Data',
  }),
  wordOrder: option({
    schema: z.enum(['lowest-first', 'highest-first']).default('lowest-first'),
    describe: 'which bits of an input word hold its first charge',
    group: 'Data',
  }),
  drain: option({
    schema: z.boolean().default(false),
    describe: 'write what is left in the buffer after the last crossing',
    group: 'Data',
  }),
  elinks: option({
    schema: eLinks.default(4),
    describe: 'output links in use',
    unit: 'eLinks',
    group: 'Format',
  }),
  ...formatOptions,
  ...senderOptions,
});

type EncodeOptions = ReturnType<typeof options.parse>;

/** Runs the chip on recorded links or charges. */
export const encodeCommand = command({
  options,
  positionals: ['input'],
  run: async (chosen, { out }) => {
    await readyOutput(chosen.output, [chosen.input]);
    const chip = await chipOf(chosen);
    let crossings = 0;
    const lines = async function* () {
      for await (const text of encodedLines(chosen, chip)) {
        crossings += text.rows;
        yield text.lines;
      }
    };
    await atomicWrite(chosen.output, lines());
    out(`${crossings} crossings in ${chosen.output}`);
  },
});

/** Both sides of the chip, with what goes on from block to block. */
interface Chip {
  readonly input: InputSettings;
  readonly transmitter: Transmitter;
  readonly counter: BunchCounter;
  readonly frontEnd: FrontEndReset;
}

async function chipOf(chosen: EncodeOptions): Promise<Chip> {
  const algorithm = await chosenAlgorithm(chosen);
  return {
    input: {
      select: multiplexerSelect(channelOrder(chosen.algorithm)),
      inputDroppedBits: densityDefaults[chosen.density].inputDroppedBits,
      calibration: await calibrationRegisters(chosen.calibration, chosen.eta),
      wordOrder: chosen.wordOrder,
    },
    transmitter: new Transmitter({
      algorithm,
      eLinks: chosen.elinks,
      buffer: bufferRegisters(chosen, chosen.elinks),
      syncWord: chosenFormat(chosen, chosen.elinks).syncWord,
    }),
    counter: new BunchCounter(chosen.counterReset),
    frontEnd: new FrontEndReset(),
  };
}

/** Text of the output file, header first. A block waits for the next one, which may command a reset that reaches back. */
async function* encodedLines(
  chosen: EncodeOptions,
  chip: Chip,
): AsyncGenerator<{ rows: number; lines: string }> {
  const resets = new Set(chosen.linkReset);
  let first = 0;
  let waiting: InputBlock | undefined;
  yield { rows: 0, lines: csvHeader(blocksOf(chosen, emptyResult)) };
  for await (const block of streamInput(chosen.input, { hasLinkHeaders: chosen.linkHeaders })) {
    const linkResets = block.linkResets.map((command, row) => (resets.has(first + row) ? 1 : command));
    first += linkResets.length;
    if (waiting !== undefined) yield encodeBlock(chosen, chip, waiting, linkResets[0]);
    waiting = { ...block, linkResets };
  }
  if (waiting !== undefined) yield encodeBlock(chosen, chip, waiting, 0);
  if (chosen.drain && chosen.stage === 'links') yield drained(chosen, chip);
}

/** What a block becomes, of which a stage writes a part. */
interface BlockResult extends Pick<Transmission, 'frames' | 'links'> {
  readonly counters: ArrayLike<number>;
  readonly charges: Int32Array;
}

const emptyResult: BlockResult = {
  counters: [],
  charges: new Int32Array(0),
  links: new Uint32Array(0),
  frames: {
    words: new Uint16Array(0),
    counts: new Uint8Array(0),
    truncated: new Uint16Array(0),
    idle: new Uint16Array(0),
    resets: new Uint8Array(0),
  },
};

function encodeBlock(chosen: EncodeOptions, chip: Chip, block: InputBlock, nextResetCommand: number) {
  const headerWords = chosen.linkHeaders && block.kind === 'links' ? everyTwelfth(block.values) : undefined;
  const counters = chip.counter.count(block.crossings, headerWords);
  const charges = chargesOf(chosen, chip, block);
  const control = { counters, resetCommands: block.linkResets, nextResetCommand };
  const { frames, links } = chip.transmitter.send(charges, control);
  const blocks = blocksOf(chosen, { counters, charges, frames, links });
  return { rows: counters.length, lines: csvLines(counters.length, blocks) };
}

function everyTwelfth(words: Uint32Array): Uint32Array {
  return words.filter((_, i) => i % 12 === 0);
}

/** Calibrated charges in the algorithm's order. */
function chargesOf({ algorithm }: EncodeOptions, { input, frontEnd }: Chip, block: InputBlock): Int32Array {
  const silent = frontEnd.resets(block.frontEndResets);
  if (block.kind === 'links') {
    const words = block.values.map((word, i) => (silent[Math.floor(i / 12)] ? 0 : word));
    return chargesOfLinks(words, input);
  }
  return multiplex(Int32Array.from(block.values), fromTriggerCells(algorithm));
}

/** Select registers from the order of trigger cells to that of an algorithm. */
export function fromTriggerCells(algorithm: AlgorithmName): Uint8Array {
  return channelOrder(algorithm) === 'chip' ? triggerCellOfChannel() : multiplexerSelect('input');
}

const numbered = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`);

/** Names of the 48 columns of charges. */
export const chargeNames = numbered('CALQ_', 48);

function blocksOf({ stage, algorithm, elinks }: EncodeOptions, result: BlockResult): ColumnBlock[] {
  const { counters, charges, frames, links } = result;
  const counter = { names: ['BX_CNT'], values: counters };
  switch (stage) {
    case 'charges':
      return [
        { names: chargeNames, values: multiplex(charges, inverseSelect(fromTriggerCells(algorithm))) },
        counter,
      ];
    case 'frames':
      return [
        counter,
        { names: numbered('FRAMEQ_', FRAME_WORDS), values: frames.words },
        { names: ['FRAMEQ_NUMW'], values: frames.counts },
        { names: numbered('FRAMEQ_Truncated_', 2), values: frames.truncated },
        { names: ['IdleWord'], values: frames.idle },
        { names: ['LinkResetStatus'], values: frames.resets },
      ];
    case 'links':
      return [counter, linkColumns(links, elinks)];
  }
}

function linkColumns(links: Uint32Array, elinks: number): ColumnBlock {
  return {
    names: outputColumns.slice(0, elinks),
    values: links.filter((_, i) => i % outputColumns.length < elinks),
  };
}

/** Crossings after the last one have no counter. */
function drained({ elinks }: EncodeOptions, { transmitter }: Chip): { rows: number; lines: string } {
  const links = linkColumns(transmitter.drain(), elinks);
  const rows = links.values.length / elinks;
  const none = { names: ['BX_CNT'], values: new Float64Array(rows).fill(NaN) };
  return { rows: 0, lines: csvLines(rows, [none, links]) };
}
