export * from './array-job.ts';
export * from './batch-options.ts';
export type { BatchSystem, JobFileContent } from './batch-system.ts';
export { cancelArray, runArray } from './run-array.ts';
export type { ArraySettings, JobReport } from './run-array.ts';
export * from './shell-quote.ts';
export { slurm } from './slurm/slurm.ts';
