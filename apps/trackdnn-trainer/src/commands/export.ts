import { join } from 'node:path';
import { storageError } from '@hep/files';
import { command, defineOptions, option } from '@hep/options';
import { TRACK_EXPORT_KINDS, writeTrackExports } from '@hep/track-dnn';
import { z } from 'zod';
import { trainedRunOptions } from '../options.ts';
import { trainedRun } from '../trained-run.ts';

const options = defineOptions({
  ...trainedRunOptions,
  output: option({
    schema: z.string().min(1).optional(),
    describe: 'folder of the files; default: exports in the run directory',
    alias: 'o',
  }),
  format: option({
    schema: z
      .array(z.enum(TRACK_EXPORT_KINDS))
      .min(1)
      .default([...TRACK_EXPORT_KINDS]),
    describe:
      'files to write: graph of TensorFlow for CMSSW, ONNX, archive of Keras, HDF5 with JSON; inputs.json in any case',
  }),
});

/** Writes the files of a trained network. */
export const exportCommand = command({
  options,
  positionals: ['run'],
  run: async ({ run, checkpoint, output = join(run, 'exports'), format }, { out }) => {
    const { network, weights } = await trainedRun(run, out, checkpoint);
    try {
      (await writeTrackExports(output, network, weights, format)).forEach((path) => out(path));
    } catch (error) {
      throw storageError(error, output);
    }
  },
});
