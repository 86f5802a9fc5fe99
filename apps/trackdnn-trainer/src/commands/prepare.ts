import { availableParallelism } from 'node:os';
import { batchOf, batchOptions } from '@hep/batch-jobs';
import { command, defineOptions, option, UserError } from '@hep/options';
import { listSampleFiles, mergeLists, prepareFiles } from '@hep/track-samples';
import type { Prepared, ShardSettings } from '@hep/track-samples';
import { threadCount } from '@hep/training-command';
import { z } from 'zod';
import { prepareByJobs } from '../prepare-jobs.ts';
import { splitOptions } from '../split-options.ts';

const options = defineOptions({
  input: option({
    schema: z.array(z.string()).min(1),
    describe: 'files of tracks (ROOT, Parquet, csv, npz) or patterns, NAME=PATTERN for those of a sample',
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
  threads: option({
    schema: threadCount.default(0),
    describe: 'threads that read and write; the shards are the same for any number; 0: one for each core',
    group: 'Execution',
  }),
  memory: option({
    schema: z.int().min(128).default(1024),
    describe: 'memory of all threads; with little of it parts of files are read more than once',
    unit: 'MiB',
    group: 'Execution',
  }),
  ...batchOptions,
  batchJobs: option({
    schema: z.int().min(1).max(1000).default(8),
    describe: 'jobs of the batch system that share the files',
    group: 'Batch system',
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
  options,
  run: async (chosen, { out, err }) => {
    const { input, output, job, threads, memory } = chosen;
    const batch = batchOf(chosen);
    const [number, jobs] = jobOf(job);
    const files = await listSampleFiles(input);
    const paths = files.map(({ path }) => path);
    const settings = settingsOf(chosen);
    if (batch !== undefined) {
      const code = await prepareByJobs(
        { batch, jobs: chosen.batchJobs, output, config: ofJobs(chosen) },
        { out, err },
      );
      if (code !== 0) return code;
    } else {
      await prepareFiles(
        paths.filter((_, index) => index % jobs === number - 1),
        {
          ...{ folder: output, settings, memoryBytes: memory * 2 ** 20 },
          threads: threads > 0 ? threads : availableParallelism(),
        },
        (prepared) => out(summary(prepared)),
      );
    }
    const missing = await mergeLists(output, files, settings);
    out(
      missing === 0
        ? `${paths.length} files in ${output}, ready for train --shards ${output}`
        : `${missing} of ${paths.length} files are left to other jobs`,
    );
  },
});

type PrepareOptions = ReturnType<typeof options.parse>;

/** What decides about the content of the shards. */
function settingsOf(chosen: PrepareOptions): ShardSettings {
  const { shardTracks: shardRows, ...rest } = chosen;
  const { features, tree, select, dropInvalid, validationFraction, testFraction, splitSeed } = rest;
  return { features, tree, select, dropInvalid, validationFraction, testFraction, splitSeed, shardRows };
}

/** Options of a job as YAML; its threads are the cores that it was given, unless the user says otherwise. */
function ofJobs(chosen: PrepareOptions): string {
  const threads = chosen.threads > 0 ? chosen.threads : chosen.batchCpus;
  return options.toYaml({ ...chosen, batch: undefined, threads });
}

function summary({ path, sections, kept }: Prepared): string {
  const sum = (of: 'tracks' | 'dropped') => sections.reduce((all, section) => all + section[of], 0);
  const shards = sections.reduce((all, section) => all + section.shards.length, 0);
  const left = sum('dropped') > 0 ? `, ${sum('dropped')} left out` : '';
  const before = kept === sections.length ? 'as before' : `${kept} of ${sections.length} parts as before`;
  return `${path}: ${sum('tracks')} tracks in ${shards} shards${left}${kept > 0 ? `, ${before}` : ''}`;
}

function jobOf(job: string): [number, number] {
  const [number, jobs] = job.split('/').map(Number);
  if (number > jobs)
    throw new UserError(`option --job ${job}: expected a number up to ${jobs} before the slash`);
  return [number, jobs];
}
