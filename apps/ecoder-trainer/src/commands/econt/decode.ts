import {
  csvHeader,
  csvLines,
  inverseSelect,
  isFramePattern,
  LatentLinks,
  linkDecoder,
  LinkWordError,
  multiplex,
  streamOutputLinks,
} from '@hep/econ-t';
import type { ColumnBlock, LinkBlock } from '@hep/econ-t';
import { atomicWrite, readyOutput } from '@hep/files';
import { command, defineOptions, option, UserError } from '@hep/options';
import { z } from 'zod';
import { BackEndDecoder } from '../../chip-network.ts';
import { chargeNames, fromTriggerCells } from './encode.ts';
import { eLinks, formatOptions } from './options.ts';
import { chosenFormat } from './registers.ts';

/** Options of `econt decode`. */
export const options = defineOptions({
  input: option({
    schema: z.string(),
    describe: 'CSV file with the words of the output links (TX_DATA_0, TX_DATA_1, ...)',
    alias: 'i',
    group: 'Data',
  }),
  output: option({ schema: z.string(), describe: 'CSV file to write', alias: 'o', group: 'Data' }),
  elinks: option({
    schema: eLinks.optional(),
    describe: 'output links in use; default: as many as the file has',
    unit: 'eLinks',
    group: 'Format',
  }),
  ...formatOptions,
  run: option({
    schema: z.string().optional(),
    describe:
      'autoencoder: run directory of the network whose decoder gives charges; default: latent numbers',
    group: 'Format',
  }),
  spread: option({
    schema: z.enum(['largest', 'equal']).default('largest'),
    describe: 'super trigger cells: give the sum to the cell with the largest charge, or equal parts to all',
    group: 'Format',
  }),
});

type DecodeOptions = ReturnType<typeof options.parse>;

/** Reads link words as the back end does. */
export const decodeCommand = command({
  options,
  positionals: ['input'],
  run: async (chosen, { out }) => {
    await readyOutput(chosen.output, [chosen.input]);
    let crossings = 0;
    const lines = async function* () {
      for await (const { rows, text } of decodedLines(chosen)) {
        crossings += rows;
        yield text;
      }
    };
    await atomicWrite(chosen.output, lines());
    out(`${crossings} crossings in ${chosen.output}`);
  },
});

async function* decodedLines(chosen: DecodeOptions): AsyncGenerator<{ rows: number; text: string }> {
  const backEnd = chosen.run === undefined ? undefined : await backEndOf(chosen, chosen.run);
  let decode: BlockDecoder | undefined;
  let first = 0;
  try {
    for await (const block of streamOutputLinks(chosen.input, chosen.elinks)) {
      const isFirst = decode === undefined;
      decode ??= blockDecoder(chosen, block.eLinks, backEnd);
      const blocks = await withPlace(decode, block, first);
      const rows = blocks[0].values.length / blocks[0].names.length;
      yield { rows, text: (isFirst ? csvHeader(blocks) : '') + csvLines(rows, blocks) };
      first += block.links.length / block.eLinks;
    }
  } finally {
    await backEnd?.close();
  }
}

/** Columns of the crossings whose words are complete. */
type BlockDecoder = (links: Uint32Array) => ColumnBlock[] | Promise<ColumnBlock[]>;

function backEndOf({ algorithm }: DecodeOptions, run: string): Promise<BackEndDecoder> {
  if (algorithm === 'autoencoder') return BackEndDecoder.ofRun(run);
  throw new UserError(`option --run: --algorithm ${algorithm} has no network; leave the option away`);
}

function blockDecoder(chosen: DecodeOptions, eLinks: number, backEnd?: BackEndDecoder): BlockDecoder {
  const { algorithm, spread } = chosen;
  const { droppedBits, type, mask, syncWord } = chosenFormat(chosen, eLinks);
  if (algorithm === 'threshold-sum') requireIdlePattern(chosen.syncWord, syncWord);
  const shared = (counters: Uint8Array, resets: Uint8Array, sums: Float64Array): ColumnBlock[] => [
    { names: ['BX_CNT'], values: counters },
    { names: ['LinkResetStatus'], values: resets },
    { names: ['SUM'], values: sums },
  ];
  if (algorithm === 'autoencoder') {
    const frames = new LatentLinks(eLinks, mask, syncWord);
    const names = Array.from({ length: 16 }, (_, k) => `OUT_${k}`);
    return async (links) => {
      const { latent, sums, counters, resets } = frames.decode(links);
      const known = shared(counters, resets, sums);
      if (backEnd === undefined) return [...known, { names, values: latent }];
      return [{ names: chargeNames, values: await backEnd.decode(latent, sums) }, ...known];
    };
  }
  const format =
    algorithm === 'super-trigger-cells'
      ? { name: algorithm, type, droppedBits, spread }
      : { name: algorithm, droppedBits };
  const decoder = linkDecoder(format, eLinks, syncWord);
  const toTriggerCells = inverseSelect(fromTriggerCells(algorithm));
  return (links) => {
    const { charges, sums, counters, resets } = decoder.decode(links);
    return [
      { names: chargeNames, values: multiplex(charges, toTriggerCells) },
      ...shared(counters, resets, sums),
    ];
  };
}

function requireIdlePattern(digits: string, syncWord: number): void {
  if (!isFramePattern(syncWord)) return;
  throw new UserError(
    `option --sync-word: ${digits} begins as a frame of the threshold sum does, so the two cannot be told apart; ` +
      'expected 001, 011 or 101 as its first bits',
  );
}

/** Decodes a block; what is wrong with its words is told with the line of the crossing. */
async function withPlace(
  decode: BlockDecoder,
  { links, describe }: LinkBlock,
  first: number,
): Promise<ColumnBlock[]> {
  try {
    return await decode(links);
  } catch (error) {
    if (!(error instanceof LinkWordError)) throw error;
    const { crossing, reason } = error;
    throw new UserError(`${describe(Math.max(0, crossing - first))} (crossing ${crossing}): ${reason}`, {
      cause: error,
    });
  }
}
