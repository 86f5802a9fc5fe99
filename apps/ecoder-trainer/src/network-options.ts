/** Options that choose a network and the formats of its numbers, and what they stand for. */
import {
  ecoderModel,
  ecoderModelNames,
  floatModelNames,
  learnedModelNames,
  quantisationPresets,
  quantisedName,
} from '@hep/ecoder-models';
import type { EcoderModel, FixedPointFormat, Quantisation } from '@hep/ecoder-models';
import { kebabCase, option, UserError } from '@hep/options';
import { granularities } from '@hep/quant';
import type { Granularity } from '@hep/quant';
import { z } from 'zod';

const quantisedNames = ecoderModelNames.filter(
  (name) => !floatModelNames.includes(name) && !learnedModelNames.includes(name),
);

/** Names of all networks, for `--help`. */
export const networkNames =
  `${floatModelNames.join(', ')}; the quantised twin of each, NAME_qK; ` +
  quantisedNames.filter((name) => !name.endsWith('_qK')).join(', ') +
  '; the twin with learned bits of each, NAME_hgq, of NAME_tele NAME_hgq_tele';

const format = (what: string) =>
  option({
    schema: z.array(z.int()).length(2).optional(),
    describe: `bits in all and left of the point (without the sign) of ${what}, such as 6,0`,
    unit: 'bits',
    group: 'Networks',
  });

/** Declarations of the options that change a network. */
export const networkOptions = {
  nElinks: option({
    schema: z.int().min(2).max(5).default(5),
    describe: 'eLinks of the module; decides the bits of the latent vector',
    unit: 'eLinks',
    group: 'Networks',
  }),
  quantize: option({
    schema: z.boolean().default(false),
    describe: 'take the quantised twin of each network',
    group: 'Networks',
  }),
  quantisation: option({
    schema: z.enum([...quantisationPresets]).default('ecoder'),
    describe: 'weights of quantised networks: ecoder has 5 bits to 1.875, asic 6 bits to 0.97 as on the chip',
    group: 'Networks',
  }),
  bitsInput: format('the pixels of quantised networks (default 10,3)'),
  bitsAccumulator: format('rectified sums (default 11,3)'),
  bitsConv: format('the weights of convolutions'),
  bitsDense: format('the weights of dense layers'),
  bitsLatent: format('the latent vector (default 3, 5, 7 or 9 bits for 2 to 5 eLinks, 1 left of the point)'),
  granularity: option({
    schema: z.enum(granularities).default('element'),
    describe:
      'weights with bits of their own where they are learned: each, or those of a channel or a tensor',
    group: 'Networks',
  }),
  activationBits: option({
    schema: z.enum(granularities).default('tensor'),
    describe: 'the same for the numbers that come into a layer; only tensor can be written for QKeras',
    group: 'Networks',
  }),
  modelBits: option({
    schema: z.array(z.string()).default([]),
    describe: 'formats of single networks, such as nom_qK:conv:6:0 for the bits-conv of nom_qK',
    group: 'Networks',
  }),
};

/** How networks are written. */
export const fileOptions = {
  keras215: option({
    schema: z.boolean().default(false),
    describe: 'Keras files of quantised networks as Keras 2.15 spells them, not as every QKeras reads them',
    group: 'Output',
  }),
};

/** Resolved values of `networkOptions`. */
export interface NetworkOptions {
  readonly nElinks: number;
  readonly quantize: boolean;
  readonly quantisation: (typeof quantisationPresets)[number];
  readonly bitsInput?: readonly number[];
  readonly bitsAccumulator?: readonly number[];
  readonly bitsConv?: readonly number[];
  readonly bitsDense?: readonly number[];
  readonly bitsLatent?: readonly number[];
  readonly granularity: Granularity;
  readonly activationBits: Granularity;
  readonly modelBits: readonly string[];
}

const flags = {
  input: 'bitsInput',
  accumulator: 'bitsAccumulator',
  conv: 'bitsConv',
  dense: 'bitsDense',
  latent: 'bitsLatent',
} as const satisfies Record<keyof Quantisation, keyof NetworkOptions>;

type Formats = Partial<Record<keyof Quantisation, FixedPointFormat>>;

/**
 * The networks with these names, or their quantised twins.
 * @throws UserError for an unknown or repeated name, impossible formats, and formats that no network would use
 */
export function networksOf(names: readonly string[], options: NetworkOptions): EcoderModel[] {
  const chosen = names.map((name) => (options.quantize ? quantisedName(name) : name));
  const twice = chosen.find((name, index) => chosen.indexOf(name) < index);
  if (twice !== undefined) throw new UserError(`option --models: ${twice} is given twice, expected it once`);
  const common = commonFormats(options);
  const single = singleFormats(options.modelBits);
  const models = chosen.map((name) =>
    ecoderModel(name, {
      preset: options.quantisation,
      elinks: options.nElinks,
      granularity: options.granularity,
      activationGranularity: options.activationBits,
      ...common,
      ...single.get(name),
    }),
  );
  requireUse(models, common, single);
  return models;
}

function commonFormats(options: NetworkOptions): Formats {
  const given = Object.entries(flags).flatMap(([name, key]) => {
    const pair = options[key];
    return pair === undefined ? [] : [[name, { bits: pair[0], integer: pair[1] }] as const];
  });
  return Object.fromEntries(given);
}

function singleFormats(entries: readonly string[]): Map<string, Formats> {
  const formats = new Map<string, Formats>();
  for (const entry of entries) {
    const [, name, part, bits, integer] = /^(.+):(\w+):(\d+):(\d+)$/.exec(entry) ?? [];
    if (name === undefined || !Object.hasOwn(flags, part)) {
      throw new UserError(
        `option --model-bits: got "${entry}", expected NETWORK:PART:BITS:INTEGER with one of ` +
          `${Object.keys(flags).join(', ')} as PART, such as nom_qK:conv:6:0`,
      );
    }
    formats.set(name, { ...formats.get(name), [part]: { bits: Number(bits), integer: Number(integer) } });
  }
  return formats;
}

function requireUse(
  models: readonly EcoderModel[],
  common: Formats,
  single: ReadonlyMap<string, Formats>,
): void {
  const quantised = models.filter(({ quantisation }) => quantisation !== null).map(({ name }) => name);
  const [unused] = Object.keys(common) as (keyof Quantisation)[];
  if (unused !== undefined && quantised.length === 0) {
    throw new UserError(
      `option --${kebabCase(flags[unused])}: no quantised network is chosen; add --quantize, or leave it away`,
    );
  }
  const stray = [...single.keys()].find((name) => !quantised.includes(name));
  if (stray !== undefined) {
    throw new UserError(
      `option --model-bits: ${stray} is none of the chosen quantised networks (${quantised.join(', ') || 'none'})`,
    );
  }
}
