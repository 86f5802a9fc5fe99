import { CLASSIFIER_STEM, defaultCalRatioFiles } from '@hep/calratio-rnn';
import { NETWORK_FILES, writeNetworkFiles } from '@hep/model-files';
import { command, defineOptions, option } from '@hep/options';
import { z } from 'zod';
import { readSource, sourceOptions } from '../networks/network-source.ts';

/** Options of `export`. */
export const options = defineOptions({
  ...sourceOptions,
  output: option({ schema: z.string(), describe: 'folder of the files', alias: 'o' }),
  name: option({
    schema: z
      .string()
      .regex(/^[^/\\]+$/)
      .default(CLASSIFIER_STEM),
    describe: 'what the names of the files begin with',
  }),
  format: option({
    schema: z
      .array(z.enum(NETWORK_FILES))
      .min(1)
      .default([...defaultCalRatioFiles]),
    describe:
      'files to write: archive of Keras, HDF5 with JSON, ONNX, frugally-deep up to v0.15 (fdeep) or from v0.16 on ' +
      '(fdeep-keras3)',
  }),
});

/** Writes the files of a tagger for the programs that use it. */
export const exportCommand = command({
  options,
  positionals: ['network'],
  run: async (chosen, { out }) => {
    const { model, weights } = await readSource(chosen, out);
    const paths = await writeNetworkFiles(chosen.output, chosen.name, model, weights, chosen.format);
    paths.forEach((path) => out(path));
  },
});
