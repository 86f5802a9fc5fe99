import { makeFolder, storageError } from '@hep/files';
import { command, defineOptions, option } from '@hep/options';
import { z } from 'zod';
import { writeExports } from '../exports.ts';
import { chosenCodec, modelOptions } from '../model-options.ts';

const options = defineOptions({
  ...modelOptions,
  output: option({ schema: z.string().min(1), describe: 'folder of the files', alias: 'o' }),
});

/** Writes the files of a network, such as a published checkpoint. */
export const exportCommand = command({
  options,
  run: async ({ output, ...model }, { out }) => {
    const codec = await chosenCodec(model);
    try {
      await makeFolder(output);
      (await writeExports(output, codec)).forEach((path) => out(path));
    } catch (error) {
      throw storageError(error, output);
    }
  },
});
