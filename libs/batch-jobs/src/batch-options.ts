import { option, UserError } from '@hep/options';
import { z } from 'zod';
import type { JobResources } from './array-job.ts';
import type { BatchSystem } from './batch-system.ts';
import { htcondor } from './htcondor/htcondor.ts';
import { slurm } from './slurm/slurm.ts';

const group = 'Batch system';

/** Declarations of the options of a command that can give its work to a batch system. */
export const batchOptions = {
  batch: option({
    schema: z.enum(['slurm', 'htcondor']).optional(),
    describe: 'give the work to this batch system; left away: work here',
    group,
  }),
  batchCpus: option({ schema: z.int().min(1).default(1), describe: 'cores of a job', group }),
  batchGpus: option({ schema: z.int().min(0).default(0), describe: 'GPUs of a job', group }),
  batchMemory: option({
    schema: z.string().optional(),
    describe: 'memory of a job, such as 4G or 500M; left away: what the batch system gives',
    group,
  }),
  batchMinutes: option({
    schema: z.int().min(1).optional(),
    describe: 'time limit of a job; left away: that of the batch system',
    unit: 'minutes',
    group,
  }),
  batchLimit: option({ schema: z.int().min(1).optional(), describe: 'most jobs at once', group }),
  batchPartition: option({ schema: z.string().min(1).optional(), describe: 'partition of Slurm', group }),
  batchRequirements: option({
    schema: z.string().min(1).optional(),
    describe: "what a node must have: a constraint of Slurm, or HTCondor's expression",
    group,
  }),
  batchImage: option({
    schema: z.string().min(1).optional(),
    describe: 'container image for the jobs (Slurm: by apptainer)',
    group,
  }),
  batchLines: option({
    schema: z.string().optional(),
    describe: 'lines for the job file, such as --account=cms or +JobFlavour = "longlunch"',
    group,
  }),
  batchSetup: option({
    schema: z.string().optional(),
    describe: 'lines of shell before every command, such as module load cuda',
    group,
  }),
  batchAttempts: option({
    schema: z.int().min(1).default(3),
    describe: 'most times that a job is submitted when it gets lost',
    group,
  }),
  batchPoll: option({
    schema: z.number().positive().default(15),
    describe: 'longest time between two looks at the queue',
    unit: 'seconds',
    group,
  }),
};

/** Values of the options. */
export type BatchOptions = {
  readonly [Key in keyof typeof batchOptions]: z.output<(typeof batchOptions)[Key]['schema']>;
};

/** A batch system, what its jobs may use, and how they are watched. */
export interface Batch {
  readonly system: BatchSystem;
  readonly resources: JobResources;
  readonly attempts: number;
  readonly pollSeconds: number;
}

const systems: Readonly<Record<BatchSystem['name'], BatchSystem>> = { slurm, htcondor };

/**
 * What the options ask for; undefined where the work is to be done here.
 * @throws UserError for an amount of memory that is none, and for an option that the batch system does not have
 */
export function batchOf(options: BatchOptions): Batch | undefined {
  if (options.batch === undefined) return undefined;
  if (options.batch === 'htcondor' && options.batchPartition !== undefined) {
    throw new UserError(
      'option --batch-partition: HTCondor has no partitions; leave it away, or say it in --batch-requirements or --batch-lines',
    );
  }
  const resources = {
    cpus: options.batchCpus,
    gpus: options.batchGpus,
    memoryMiB: memoryMiB(options.batchMemory),
    minutes: options.batchMinutes,
    limit: options.batchLimit,
    partition: oneLine('batch-partition', options.batchPartition),
    requirements: oneLine('batch-requirements', options.batchRequirements),
    image: oneLine('batch-image', options.batchImage),
    lines: lines(options.batchLines),
    setup: lines(options.batchSetup),
  };
  return {
    system: systems[options.batch],
    resources,
    attempts: options.batchAttempts,
    pollSeconds: options.batchPoll,
  };
}

function memoryMiB(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, number, unit] = /^([1-9]\d{0,8})([MG])$/i.exec(text) ?? [];
  if (number === undefined) {
    throw new UserError(
      `option --batch-memory: got "${text}", expected a whole number and M or G, such as 4G or 500M`,
    );
  }
  return Number(number) * (unit.toUpperCase() === 'G' ? 1024 : 1);
}

function oneLine(flag: string, text: string | undefined): string | undefined {
  if (text?.includes('\n')) throw new UserError(`option --${flag}: expected one line`);
  return text;
}

function lines(text: string | undefined): string[] {
  return (text ?? '').split('\n').filter((line) => line.trim() !== '');
}
