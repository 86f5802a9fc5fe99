import { WorkerPool } from '@hep/workers';
import type { PrepareService } from './prepare-worker.ts';

/** Starts the threads that prepare tracks. Here, because the worker's module must lie beside the caller of its start. */
export const startPreparing = (threads: number) =>
  WorkerPool.start<PrepareService>(new URL('./prepare-worker.ts', import.meta.url), threads);
