import { readyOutput } from '@hep/files';
import { CodecRunner, decompressJets } from '@hep/jet-compression';
import { command, defineOptions, option } from '@hep/options';
import { z } from 'zod';
import { chosenCodec, modelOptions } from '../model-options.ts';
import { threadsOption } from '../options.ts';

const options = defineOptions({
  ...modelOptions,
  threads: threadsOption,
  input: option({ schema: z.string().min(1), describe: 'file of compressed jets', alias: 'i' }),
  output: option({
    schema: z.string().min(1),
    describe: 'file of the jets: .csv, .parquet or .npz',
    alias: 'o',
  }),
});

/** Restores compressed jets. */
export const decodeCommand = command({
  options,
  run: async ({ threads, input, output, ...model }, { out }) => {
    await readyOutput(output, [input]);
    const codec = await chosenCodec(model);
    const runner = await CodecRunner.create(codec, threads === 0 ? undefined : threads);
    try {
      out(`${await decompressJets({ codec, runner }, input, output)} jets in ${output}`);
    } finally {
      await runner.close();
    }
  },
});
