import { option } from '@hep/options';
import { TRACK_FEATURES } from '@hep/track-dnn/variables';
import { TRUTH_BRANCH } from '@hep/track-samples';
import { seedSchema } from '@hep/training-command';
import { z } from 'zod';

const fraction = z.number().gt(0).lt(1);

const featureSchema = z.strictObject({
  name: z
    .string()
    .min(1)
    .refine((name) => name !== TRUTH_BRANCH, 'a variable that tells nothing of the truth'),
  abs: z.boolean().default(false),
  log1p: z.boolean().default(false),
});

/** How files are read and split; `train` and `prepare` have the same. */
export const splitOptions = {
  features: option({
    schema: z
      .array(featureSchema)
      .min(1)
      .refine(
        (features) => new Set(features.map(({ name }) => name)).size === features.length,
        'each name once',
      )
      .default([...TRACK_FEATURES]),
    describe:
      'variables that the network reads, in this order, as a list in YAML: { name: trk_pt, abs: true, log1p: true }; ' +
      'default: the 29 of the reference',
    group: 'Data',
  }),
  tree: option({
    schema: z.string().optional(),
    describe: 'tree of ROOT files; default: the only one',
    group: 'Data',
  }),
  select: option({
    schema: z.string().min(1).optional(),
    describe:
      'which tracks are taken, an expression over branches such as "trk_pt > 1 and abs(trk_eta) < 2.5"; default: all',
    group: 'Data',
  }),
  dropInvalid: option({
    schema: z.boolean().default(false),
    describe: 'leave out tracks with values that are missing or infinite, and of unknown iterations',
    group: 'Data',
  }),
  validationFraction: option({
    schema: fraction.default(0.1),
    describe: 'part of the events that validates after each epoch',
    group: 'Data',
  }),
  testFraction: option({
    schema: fraction.default(0.1),
    describe: 'part of the events that the report is made of',
    group: 'Data',
  }),
  splitSeed: option({
    schema: seedSchema.default(1),
    describe: 'seed of the split into training, validation and test events, and of toy tracks',
    group: 'Data',
  }),
};
