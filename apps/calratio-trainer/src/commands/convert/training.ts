import { join, parse } from 'node:path';
import { writeFdeep, writeNetworkFiles } from '@hep/model-files';
import { readyOutput } from '@hep/files';
import { command, defineOptions, option } from '@hep/options';
import { z } from 'zod';
import { readSource, sourceOptions } from '../../networks/network-source.ts';

/** Options of `convert training`. */
export const options = defineOptions({
  ...sourceOptions,
  outputJson: option({
    schema: z.string().default('model.json'),
    describe: 'frugally-deep file; the archive of Keras beside it has the same name with .keras',
    alias: 'o',
  }),
  form: option({
    schema: z.enum(['keras2', 'keras3']).default('keras2'),
    describe: 'which frugally-deep reads it: up to v0.15 (keras2, as in ATLAS) or from v0.16 on (keras3)',
  }),
});

/** Converts a tagger for the C++ of ATLAS. */
export const trainingCommand = command({
  options,
  positionals: ['network'],
  run: async ({ outputJson, form, ...source }, { out }) => {
    const { dir, name } = parse(outputJson);
    const given = [source.network, ...(source.weights === undefined ? [] : [source.weights])];
    for (const path of [outputJson, join(dir, `${name}.keras`)]) await readyOutput(path, given);
    const { model, weights } = await readSource(source, out);
    const archive = await writeNetworkFiles(dir, name, model, weights, ['keras']);
    await writeFdeep(outputJson, model, weights, { form });
    [...archive, outputJson].forEach((path) => out(path));
  },
});
