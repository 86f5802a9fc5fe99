import { makeFolder, storageError } from '@hep/files';
import { loadCodec } from '@hep/jet-compression';
import { command, defineOptions, option } from '@hep/options';
import { z } from 'zod';
import { writeExports } from '../exports.ts';
import { modelOptions } from './encode.ts';

const options = defineOptions({
  model: modelOptions.model,
  output: option({ schema: z.string().min(1), describe: 'folder of the files', alias: 'o' }),
});

/** Writes the files of a network, such as a published checkpoint. */
export const exportCommand = command({
  name: 'export',
  describe: 'Writes Keras JSON and HDF5, frozen .pb and ONNX of a trained network or a published checkpoint.',
  options,
  run: async ({ model, output }, { out }) => {
    const codec = await loadCodec(model);
    try {
      await makeFolder(output);
      (await writeExports(output, codec)).forEach((path) => out(path));
    } catch (error) {
      throw storageError(error, output);
    }
  },
});
