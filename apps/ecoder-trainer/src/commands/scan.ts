import { command, defineOptions, option, UserError, without } from '@hep/options';
import { z } from 'zod';
import { scanBits } from '../bit-scan.ts';
import { trainDeclarations, trainOptions } from '../options.ts';
import { train } from './train.ts';

/** What the scan decides itself. */
const decided = [
  ...(['quantize', 'bitsConv', 'bitsDense', 'bitsLatent', 'modelBits', 'seeds', 'resume', 'force'] as const),
];

const bits = (most: number) => z.array(z.int().min(1).max(most)).min(1);

/** Options of `scan`. */
export const options = defineOptions({
  weightBits: option({
    schema: bits(16).default([3, 4, 5, 6, 8]),
    describe: 'bits of the weights; those left of the point are as in --quantisation',
    unit: 'bits',
    group: 'Scan',
  }),
  latentBits: option({
    schema: bits(16).default([3, 5, 7, 9]),
    describe: 'bits of a latent number, 1 of them left of the point',
    unit: 'bits',
    group: 'Scan',
  }),
  ...without(trainDeclarations, decided),
});

/** Trains with different numbers of bits and compares. */
export const scanCommand = command({
  options,
  run: ({ weightBits, latentBits, ...chosen }, output) => {
    for (const [flag, list] of Object.entries({ 'weight-bits': weightBits, 'latent-bits': latentBits })) {
      const twice = list.find((value, index) => list.indexOf(value) < index);
      if (twice !== undefined)
        throw new UserError(`option --${flag}: ${twice} is given twice, expected it once`);
    }
    const all = { ...trainOptions.parse([]), ...chosen };
    return scanBits({ weightBits, latentBits }, all, output, train);
  },
});
