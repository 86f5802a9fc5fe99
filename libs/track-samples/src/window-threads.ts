/** Starts the threads that fill windows with tracks; beside the worker's module, where its start looks for it. */
import { connect, startWorker } from '@hep/workers';
import type { WindowService } from './window-worker.ts';

export const startWindowThread = async () =>
  connect<WindowService>(await startWorker(new URL('./window-worker.ts', import.meta.url)));
