import { cp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { storageError } from '@hep/files';
import type { SearchFolder, TaskRunner } from '@hep/hyperband';
import { RunFailure } from '@hep/options';
import type { TrialResult } from './results.ts';
import { trialCommand } from './trial-command.ts';

const COPIED = ['exports', 'report.html', 'config.yaml'];

/**
 * Has the best trial judged and exported, and copies that to `best/`.
 * @returns whether it is done; not after `signal` aborted
 * @throws RunFailure when it fails
 */
export async function finishBest(
  folder: SearchFolder,
  { trial }: TrialResult,
  runner: TaskRunner,
  signal: AbortSignal,
): Promise<boolean> {
  const path = folder.trialFolder(trial);
  const task = {
    name: `trial-${trial}-exports`,
    command: trialCommand(folder, trial),
    result: join(path, 'report.html'),
  };
  await runner.run('exports', [task], signal, async (_, failure) => {
    if (failure !== null) throw new RunFailure(`trial ${trial} cannot be exported: ${failure}`);
  });
  if (signal.aborted) return false;
  await copyWhole(path, join(folder.path, 'best'));
  return true;
}

/** Replaces the folder `to` in one step. */
async function copyWhole(from: string, to: string): Promise<void> {
  const unfinished = `${to}.unfinished`;
  try {
    await rm(unfinished, { recursive: true, force: true });
    for (const name of COPIED) await cp(join(from, name), join(unfinished, name), { recursive: true });
    await rm(to, { recursive: true, force: true });
    await rename(unfinished, to);
  } catch (error) {
    throw storageError(error, to);
  }
}
