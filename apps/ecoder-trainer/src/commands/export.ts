import { join, parse } from 'node:path';
import { readKerasNetwork } from '@hep/model-files';
import { command, defineOptions, option, UserError } from '@hep/options';
import { makeFolder, storageError } from '@hep/files';
import { z } from 'zod';
import { partsOfFile, trainedParts, writeModelFiles } from '../artefacts.ts';
import type { TrainedParts } from '../artefacts.ts';
import { fileOptions, networkOptions, networksOf } from '../network-options.ts';
import { kerasWeights, trainedNetwork } from '../trained-network.ts';

/** Options of `export`. */
export const options = defineOptions({
  run: option({ schema: z.string().optional(), describe: 'run directory of a network, as train writes it' }),
  checkpoint: option({
    schema: z.string().optional(),
    describe: 'checkpoint of the run; default: what the run ended with',
  }),
  model: option({ schema: z.string().optional(), describe: 'network of the --weights file, by name' }),
  architecture: option({
    schema: z.string().optional(),
    describe: 'network of the --weights file: architecture JSON of Keras 2 or QKeras',
  }),
  weights: option({ schema: z.string().optional(), describe: 'Keras HDF5 weights of the network' }),
  output: option({
    schema: z.string().optional(),
    describe: 'folder of the files; default: exports in the run directory',
    alias: 'o',
  }),
  ...networkOptions,
  ...fileOptions,
});

type ExportOptions = ReturnType<typeof options.parse>;

/** Writes the files of a network from a checkpoint or from Keras weights. */
export const exportCommand = command({
  options,
  positionals: ['run'],
  run: async (chosen, { out }) => {
    const { trained, folder } = await source(chosen, out);
    const target = chosen.output ?? folder;
    try {
      await makeFolder(target);
      (await writeModelFiles(target, trained, chosen)).forEach((path) => out(path));
    } catch (error) {
      throw storageError(error, target);
    }
  },
});

interface Source {
  readonly trained: readonly TrainedParts[];
  /** Where its files go unless told otherwise. */
  readonly folder: string;
}

async function source(
  { run, checkpoint, model: name, architecture, weights, ...options }: ExportOptions,
  notice: (text: string) => void,
): Promise<Source> {
  const files = [name, architecture].filter((given) => given !== undefined);
  if (run !== undefined && files.length === 0 && weights === undefined) {
    const { model, weights: own } = await trainedNetwork(run, notice, checkpoint);
    return { trained: trainedParts(model, own, notice), folder: join(run, 'exports') };
  }
  if (files.length === 1 && weights !== undefined && run === undefined && checkpoint === undefined) {
    if (architecture !== undefined) {
      const read = await readKerasNetwork(architecture, weights);
      return { trained: [partsOfFile(parse(architecture).name, read)], folder: '.' };
    }
    const [model] = networksOf(files, options);
    return { trained: trainedParts(model, await kerasWeights(model, weights), notice), folder: '.' };
  }
  throw new UserError(
    'export: expected a run directory, with --checkpoint if need be, or --model or --architecture with --weights; ' +
      'give one of them',
  );
}
