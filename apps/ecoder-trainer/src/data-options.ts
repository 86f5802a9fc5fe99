import { option } from '@hep/options';
import { inputOption, toyRowsOption } from '@hep/training-command';
import { z } from 'zod';

const fraction = z.number().gt(0).lt(1);
const count = z.int().min(1);

/** Where modules come from and how they are cut. */
export const dataOptions = {
  input: inputOption('CSV files, .csv.gz files or folders; without any a toy data set is generated'),
  toyRows: toyRowsOption(100_000, 'modules'),
  overrideInput: option({
    schema: z.boolean().default(false),
    describe: 'accept an input path that names another number of eLinks (nElinks_<n>)',
    group: 'Data',
  }),
  rowsPerFile: option({
    schema: count.default(500_000),
    describe: 'most rows read from each file',
    unit: 'rows',
    group: 'Data',
  }),
  header: option({
    schema: z.enum(['auto', 'present', 'none']).default('auto'),
    describe: 'whether files begin with column names; auto looks at the first field',
    group: 'Data',
  }),
  columns: option({
    schema: z.array(z.string()).default([]),
    describe:
      'places of columns in files of another layout, NAME=POSITION from 0 or NAME=HEADER: CALQ=1 where the charges ' +
      'begin, CALQ=ADC_ as their headers do, tc_eta=0',
    group: 'Data',
  }),
  double: option({
    schema: z.boolean().default(false),
    describe: 'add up pairs of rows, which emulates twice the pile-up',
    group: 'Data',
  }),
  maskPartials: option({
    schema: z.boolean().default(false),
    describe: 'keep full modules only (ModType FI, FM, FO)',
    group: 'Data',
  }),
  maskEnergies: option({
    schema: z.boolean().default(false),
    describe: 'keep modules with more than 5 % of the simulated energy of their event',
    group: 'Data',
  }),
  selectLayers: option({
    schema: z.boolean().default(false),
    describe: 'keep the layers that stand for the number of eLinks: 5: 5-11; 4: 7, 11; 3: 13; 2: < 7, > 13',
    group: 'Data',
  }),
  biased: option({
    schema: fraction.optional(),
    describe: 'mix signal and pile-up (SimEnergyTotal 0) so that this part is pile-up',
    group: 'Data',
  }),
  normalise: option({
    schema: z.enum(['power-of-two', 'maximum', 'sum']).default('power-of-two'),
    describe: 'what the charges of a module are divided by',
    group: 'Data',
  }),
  restore: option({
    schema: z.enum(['power-of-two', 'maximum', 'sum']).default('power-of-two'),
    describe: 'which scale of the input the decoded charges get back; sum conserves energy',
    group: 'Data',
  }),
  split: option({
    schema: z.enum(['shuffled', 'first']).default('shuffled'),
    describe: 'validation rows: a seeded random part, or the first rows of the input',
    group: 'Data',
  }),
  validationFraction: option({
    schema: fraction.default(0.2),
    describe: 'part of the rows held out for validation',
    group: 'Data',
  }),
};
