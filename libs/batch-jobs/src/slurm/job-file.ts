import type { JobFileContent } from '../batch-system.ts';
import { TASK_SCRIPT } from '../task-script.ts';

/** Job file of an array of Slurm; paths are relative to the folder that it is submitted from. */
export function slurmJobFile({ name, indices, resources }: JobFileContent): string {
  const { cpus, gpus, memoryMiB, minutes, limit, partition, requirements, lines = [] } = resources;
  const options = [
    `--job-name=${name}`,
    `--array=${ranges(indices)}${limit === undefined ? '' : `%${limit}`}`,
    '--output=logs/%a.txt',
    '--open-mode=append',
    '--nodes=1',
    '--ntasks=1',
    `--cpus-per-task=${cpus}`,
    ...(gpus > 0 ? [`--gres=gpu:${gpus}`] : []),
    ...(memoryMiB === undefined ? [] : [`--mem=${memoryMiB}M`]),
    ...(minutes === undefined ? [] : [`--time=${minutes}`]),
    ...(partition === undefined ? [] : [`--partition=${partition}`]),
    ...(requirements === undefined ? [] : [`--constraint="${requirements}"`]),
    ...lines,
  ];
  return [
    '#!/bin/bash',
    ...options.map((option) => `#SBATCH ${option}`),
    `exec bash ${TASK_SCRIPT} "$SLURM_ARRAY_TASK_ID"`,
    '',
  ].join('\n');
}

/** Ascending numbers as Slurm writes them: `0-3,7`. */
export function ranges(numbers: readonly number[]): string {
  const parts: [number, number][] = [];
  for (const number of numbers) {
    const last = parts.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else parts.push([number, number]);
  }
  return parts.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}
