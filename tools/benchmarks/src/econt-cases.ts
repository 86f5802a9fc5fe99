/** The concentrator chip: words of the input links to words of the output links, one case for each algorithm. */
import { join } from 'node:path';
import { generateToy } from '@hep/datasets';
import {
  BunchCounter,
  channelOrder,
  CHARGE_CODE,
  chargesOfLinks,
  chipEncoder,
  CROSSINGS_PER_ORBIT,
  DEFAULT_THRESHOLD,
  encodeFloat,
  inverseSelect,
  latentMaskFor,
  multiplex,
  multiplexerSelect,
  packLinkWords,
  parseChipWeights,
  Transmitter,
} from '@hep/econ-t';
import type { Algorithm } from '@hep/econ-t';
import { TRIGGER_CELLS } from '@hep/hgcal-geometry';
import type { Benchmark } from './benchmark.ts';
import { readFloat64, writeNpy } from './npy.ts';

const INPUT_LINKS = 12;
const ELINKS = 5;
const OUTPUT_LINKS = 13;
const BLOCK_CROSSINGS = 4096;
const DROPPED_BITS = 1;

const algorithms: readonly Algorithm[] = [
  {
    name: 'threshold-sum',
    thresholds: new Uint16Array(TRIGGER_CELLS).fill(DEFAULT_THRESHOLD),
    droppedBits: DROPPED_BITS,
    sendsFullSum: false,
  },
  { name: 'super-trigger-cells', type: 'STC4_9', droppedBits: DROPPED_BITS },
  { name: 'best-choice', droppedBits: DROPPED_BITS, sendsFullSum: false },
  { name: 'repeater', droppedBits: DROPPED_BITS },
  { name: 'autoencoder', encoder: someEncoder(), mask: latentMaskFor(ELINKS) },
];

export const econtCases: readonly Benchmark[] = algorithms.map((algorithm) => ({
  name: `econt-${algorithm.name}`,
  rows: 200_000,
  smokeRows: 5_000,
  processes: 'shared',
  threads: 1,
  settings: () => ({}),
  async prepare(folder, rows) {
    writeNpy(join(folder, 'links.npy'), Float64Array.from(linkWords(rows)), [rows, INPUT_LINKS]);
  },
  async start({ folder }) {
    const links = Uint32Array.from(readFloat64(join(folder, 'links.npy')));
    return {
      engine: `econ-t, ${ELINKS} eLinks, 1 thread`,
      run: async () => sendAll(algorithm, links),
      close: async () => undefined,
    };
  },
}));

/** Sends all crossings block by block; returns the sum of what was on the first output link. */
function sendAll(algorithm: Algorithm, words: Uint32Array): number {
  const input = {
    select: multiplexerSelect(channelOrder(algorithm.name)),
    inputDroppedBits: DROPPED_BITS,
    calibration: new Uint16Array(TRIGGER_CELLS).fill(871),
  };
  const chip = new Transmitter({ algorithm, eLinks: ELINKS });
  const counter = new BunchCounter();
  let sum = 0;
  for (let start = 0; start * INPUT_LINKS < words.length; start += BLOCK_CROSSINGS) {
    const block = words.subarray(start * INPUT_LINKS, (start + BLOCK_CROSSINGS) * INPUT_LINKS);
    const rows = block.length / INPUT_LINKS;
    const crossings = Int32Array.from({ length: rows }, (_, row) => (start + row) % CROSSINGS_PER_ORBIT);
    const { links } = chip.send(chargesOfLinks(block, input), { counters: counter.count(crossings) });
    for (let i = 0; i < links.length; i += OUTPUT_LINKS) sum += links[i];
  }
  return sum;
}

/** Toy modules as the front end sends them. */
function linkWords(rows: number): Uint32Array {
  const { charges } = generateToy({ rows, seed: 1 });
  const codes = Uint8Array.from(charges, (charge) => encodeFloat(charge, CHARGE_CODE, DROPPED_BITS));
  return packLinkWords(multiplex(codes, inverseSelect(multiplexerSelect('trigger-cell'))));
}

/** An encoder with weights of no meaning. */
function someEncoder(): (inputs: Uint8Array) => Uint16Array {
  return chipEncoder(parseChipWeights(Array.from({ length: 12 }, () => '0x5a'.padEnd(270, '3c96'))));
}
