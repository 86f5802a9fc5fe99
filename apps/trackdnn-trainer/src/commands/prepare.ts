import { command, defineOptions, option, UserError } from '@hep/options';
import { listTrackFiles, mergeLists, prepareFile } from '@hep/track-samples';
import { z } from 'zod';
import { splitOptions } from '../options.ts';

const options = defineOptions({
  input: option({
    schema: z.array(z.string()).min(1),
    describe: 'files of tracks (ROOT, Parquet, csv, npz) or patterns',
    alias: 'i',
    group: 'Data',
  }),
  ...splitOptions,
  shardTracks: option({
    schema: z.int().min(1).default(65_536),
    describe: 'tracks of a shard; the last ones of a file have fewer',
    unit: 'tracks',
    group: 'Output',
  }),
  job: option({
    schema: z
      .string()
      .regex(/^[1-9]\d*\/[1-9]\d*$/)
      .default('1/1'),
    describe: 'which part of the files is prepared, such as 3/8, so that several jobs share the work',
    group: 'Output',
  }),
  output: option({
    schema: z.string().min(1).default('shards'),
    describe: 'folder of the shards, the same for all jobs',
    alias: 'o',
    group: 'Output',
  }),
});

/** Writes shards of tracks for `train --shards`. */
export const prepareCommand = command({
  name: 'prepare',
  describe:
    'Checks tracks of files, splits them by event and writes them in shards for train --shards. ' +
    'Started again it goes on: files that are prepared are kept.',
  options,
  run: async ({ input, output, job, shardTracks, ...chosen }, { out }) => {
    const [number, jobs] = jobOf(job);
    const paths = await listTrackFiles(input);
    const settings = { ...chosen, shardRows: shardTracks };
    for (const [index, path] of paths.entries()) {
      if (index % jobs !== number - 1) continue;
      const { isKept, tracks, dropped, shards } = await prepareFile(output, path, settings);
      const left = dropped > 0 ? `, ${dropped} left out` : '';
      out(`${path}: ${tracks} tracks in ${shards.length} shards${left}${isKept ? ', as before' : ''}`);
    }
    const missing = await mergeLists(output, paths, settings);
    out(
      missing === 0
        ? `${paths.length} files in ${output}, ready for train --shards ${output}`
        : `${missing} of ${paths.length} files are left to other jobs`,
    );
  },
});

function jobOf(job: string): [number, number] {
  const [number, jobs] = job.split('/').map(Number);
  if (number > jobs)
    throw new UserError(`option --job ${job}: expected a number up to ${jobs} before the slash`);
  return [number, jobs];
}
