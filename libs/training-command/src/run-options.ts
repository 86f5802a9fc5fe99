import { option } from '@hep/options';
import { z } from 'zod';

/** Declarations about the results of a command and how it goes on. */
export const runOptions = {
  force: option({
    schema: z.boolean().default(false),
    describe: 'replace runs that are there already',
    group: 'Output',
  }),
  resume: option({
    schema: z.string().optional(),
    describe: 'folder of earlier results: go on where they stopped, with their options',
    group: 'Output',
  }),
  checkpointMinutes: option({
    schema: z.number().positive().default(10),
    describe: 'time between checkpoints within an epoch; one is written after each epoch anyway',
    unit: 'minutes',
    group: 'Output',
  }),
  tensorboard: option({
    schema: z.boolean().default(true),
    describe: 'write TensorBoard events',
    group: 'Output',
  }),
};

/** Options of a run that change none of its numbers, so that a resumed run may have others. */
export const FREE_OPTIONS = [
  ...(['engine', 'tfjsBackend', 'device', 'deviceIds', 'replicas', 'threads'] as const),
  ...(['force', 'resume', 'checkpointMinutes', 'tensorboard'] as const),
] as const;
