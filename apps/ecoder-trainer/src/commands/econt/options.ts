/** Registers of the chip as options. */
import { algorithmNames, densityDefaults, LARGEST_BUFFER, SYNC_WORD, superCellTypes } from '@hep/econ-t';
import { MAX_ELINKS } from '@hep/hgcal-geometry';
import { option } from '@hep/options';
import { z } from 'zod';

/** What sender and receiver must agree on. */
export const formatOptions = {
  algorithm: option({
    schema: z.enum(algorithmNames).default('threshold-sum'),
    describe: 'what the chip does with the charges',
    alias: 'a',
    group: 'Format',
  }),
  density: option({
    schema: z.enum(['low', 'high']).default('low'),
    describe: `of the module; decides --drop-lsb (${densityDefaults.low.droppedBits} or ${densityDefaults.high.droppedBits}), --stc-type and the bits that the front end dropped`,
    group: 'Format',
  }),
  dropLsb: option({
    schema: z.int().min(0).max(4).optional(),
    describe: 'lowest bits dropped from a charge before it is encoded; default by density',
    unit: 'bits',
    group: 'Format',
  }),
  stcType: option({
    schema: z.enum(superCellTypes).optional(),
    describe:
      'super trigger cells: cells in one, bits of its sum; CTC is sent without the place of its largest charge; default by density',
    group: 'Format',
  }),
  mask: option({
    schema: z.array(z.int().min(0).max(255)).optional(),
    describe: 'registers KAEB_BYTE0 to 17: latent bits that are sent; default: the highest that fit',
    group: 'Format',
  }),
  syncWord: option({
    schema: z
      .string()
      .regex(/^[01]{11}$/)
      .default(SYNC_WORD.toString(2).padStart(11, '0')),
    describe: 'idle pattern, 11 binary digits',
    group: 'Format',
  }),
};

/** Number of output links. */
export const eLinks = z.int().min(1).max(MAX_ELINKS);

const registers = z.string().min(1);

/** What only the sender needs. */
export const senderOptions = {
  threshold: option({
    schema: registers.default('47'),
    describe:
      'threshold sum: a number, 48 numbers in the order of the chip, or a file of them; 47 is 1.35 MIP_T',
    unit: 'CALQ counts',
    group: 'Chip',
  }),
  useSum: option({
    schema: z.boolean().default(false),
    describe: 'threshold sum and best choice send the sum of all charges, not of those left out',
    group: 'Chip',
  }),
  weights: option({
    schema: z.string().optional(),
    describe: 'autoencoder: file of the 12 weight registers in hexadecimal',
    group: 'Chip',
  }),
  run: option({
    schema: z.string().optional(),
    describe: 'autoencoder: run directory of a quantised network, in integers, instead of --weights',
    group: 'Chip',
  }),
  calibration: option({
    schema: registers.optional(),
    describe:
      'of input links: a factor, 48 registers in units of 1/2048, or a file of them, in the order behind the ' +
      'multiplexer: of trigger cells for the autoencoder, else of the chip; default: none',
    group: 'Chip',
  }),
  eta: option({
    schema: z.number().min(-5).max(5).optional(),
    describe: 'of the module: calibration to transverse energy, instead of --calibration',
    group: 'Chip',
  }),
  t1: option({
    schema: z.int().min(1).max(LARGEST_BUFFER).optional(),
    describe: 'buffer: frames beyond this are cut; default: 24 for each eLink',
    unit: '16-bit words',
    group: 'Chip',
  }),
  t2: option({
    schema: z.int().min(0).optional(),
    describe: 'buffer: beyond this, short frames are cut; default: 25 less than --t1',
    unit: '16-bit words',
    group: 'Chip',
  }),
  t3: option({
    schema: z.int().min(0).default(25),
    describe: 'buffer: longest short frame',
    unit: '16-bit words',
    group: 'Chip',
  }),
  linkReset: option({
    schema: z.array(z.int().min(0)).default([]),
    describe: 'rows, from 0, in which a link reset is commanded, beside those of the column FASTCMD',
    group: 'Chip',
  }),
  counterReset: option({
    schema: z.int().min(0).max(3563).default(0),
    describe: 'crossing that link headers of 9 set the counter to',
    group: 'Chip',
  }),
};
