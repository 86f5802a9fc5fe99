import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { batchOf, batchOptions } from '@hep/batch-jobs';
import { planSearch, SearchFolder } from '@hep/hyperband';
import { command, UserError } from '@hep/options';
import type { CliOutput, Command } from '@hep/options';
import { requireFree } from '@hep/training';
import {
  configOf,
  FREE_OPTIONS,
  requireScheduleParameters,
  resuming,
  saveConfig,
} from '@hep/training-command';
import { listTrackFiles, manifestPath } from '@hep/track-samples';
import { tuneOptions } from '../tune/options.ts';
import type { TuneOptions } from '../tune/options.ts';
import { alone, tune } from '../tune/search.ts';
import { searchSpace } from '../tune/search-space.ts';
import { requireOneSource } from './train.ts';

const batchKeys = Object.keys(batchOptions) as (keyof typeof batchOptions)[];

/** What may change when a search goes on. */
const CHANGEABLE: ReadonlySet<keyof TuneOptions> = new Set([
  ...(['input', 'shards', 'output', 'parallel', 'gpus', 'trialTimeout', 'trialMinutes'] as const),
  ...batchKeys.filter((key) => key !== 'batch'),
  ...FREE_OPTIONS.filter((key) => key !== 'replicas' && key !== 'threads'),
]);

/** What a search writes; `--force` removes it. */
const LAYOUT = [
  ...['search.json', 'trials', 'logs', 'jobs', 'best', 'tensorboard'],
  ...['config.yaml', 'tuning.csv', 'tuning.json', 'report.html'],
];

/** `tune`, and `tune --resume FOLDER`. */
export const tuneCommand: Command = {
  ...command({ options: tuneOptions, run: begin }),
  ...resuming({
    options: tuneOptions,
    changeable: CHANGEABLE,
    earlierRun: async ({ resume }) => resume,
    start: begin,
    goOn: (path, options, output) => goOn({ ...options, output: path }, output),
  }),
};

async function begin(options: TuneOptions, output: CliOutput): Promise<number> {
  const { maxEpochs, factor, searchSeed, objective } = options;
  requireSensible(options);
  const space = await searchSpace(options.space);
  await listTrackFiles(options.input);
  if (options.shards !== undefined) await manifestPath(options.shards);
  const plan = planSearch({
    space,
    maxEpochs,
    factor,
    seed: searchSeed,
    objective: { name: objective, better: objective === 'val_auc' ? 'larger' : 'smaller' },
  });
  return alone(options.output, async () => {
    await requireFreeFolder(options);
    await saveConfig(options.output, configOf(tuneOptions, options));
    return tune(await SearchFolder.create(options.output, plan), options, output);
  });
}

async function goOn(options: TuneOptions, output: CliOutput): Promise<number> {
  requireSensible(options);
  return alone(options.output, async () => {
    const folder = await SearchFolder.open(options.output);
    await saveConfig(options.output, configOf(tuneOptions, options));
    return tune(folder, options, output);
  });
}

/** @throws UserError for options that exclude each other, and schedules that end at an epoch that no trial is told */
function requireSensible(options: TuneOptions): void {
  requireScheduleParameters({ ...options, epochs: options.maxEpochs });
  requireOneSource(options);
  batchOf(options);
  if (options.gpus.length > 0 && (options.device !== 'cuda' || options.batch !== undefined)) {
    throw new UserError(
      'option --gpus: is for trials on this machine with --device cuda; jobs have --batch-gpus',
    );
  }
  if (options.schedule === 'cosine' || options.schedule === 'one-cycle') {
    throw new UserError(
      `option --schedule ${options.schedule}: its end would come after every round of a trial, ` +
        'expected constant, step, exponential or warm-restarts',
    );
  }
}

/** @throws UserError when the folder holds a search or other files; `--force` removes a search */
async function requireFreeFolder({ output, force }: TuneOptions): Promise<void> {
  if (SearchFolder.isAt(output)) {
    if (!force) {
      throw new UserError(
        `${output}: holds a search already; choose another name, go on with --resume, or replace it with --force`,
      );
    }
    for (const name of LAYOUT) await rm(join(output, name), { recursive: true, force: true });
  }
  await requireFree(output, false);
}
