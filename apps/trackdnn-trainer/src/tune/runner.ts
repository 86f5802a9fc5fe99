/** Where the trials of a search run. */
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { batchOf } from '@hep/batch-jobs';
import { BatchRunner, LocalRunner } from '@hep/hyperband';
import type { SearchFolder, TaskRunner } from '@hep/hyperband';
import type { CliOutput } from '@hep/options';
import type { TuneOptions } from './options.ts';

const MILLISECONDS = 60_000;

/** Processes here, or jobs of the batch system that the options name. */
export function runnerOf({ path }: SearchFolder, options: TuneOptions, { out }: CliOutput): TaskRunner {
  const batch = batchOf(options);
  if (batch !== undefined) {
    return new BatchRunner(batch, { jobs: resolve(path, 'jobs'), workingFolder: process.cwd(), notice: out });
  }
  const { parallel, gpus, trialTimeout, trialMinutes } = options;
  return new LocalRunner({
    parallel: parallel || gpus.length || availableParallelism(),
    environments: gpus.map((gpu) => ({ CUDA_VISIBLE_DEVICES: String(gpu) })),
    silentMilliseconds: trialTimeout * MILLISECONDS,
    longestMilliseconds: trialMinutes === undefined ? null : trialMinutes * MILLISECONDS,
    logs: resolve(path, 'logs'),
  });
}
