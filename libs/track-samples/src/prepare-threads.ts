/** Starts the threads that prepare tracks; beside the worker's module, where its start looks for it. */
import { WorkerPool } from '@hep/workers';
import type { PrepareService } from './prepare-worker.ts';

export const startPreparing = (threads: number) =>
  WorkerPool.start<PrepareService>(new URL('./prepare-worker.ts', import.meta.url), threads);
