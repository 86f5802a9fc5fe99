import { resolve } from 'node:path';
import type { SearchFolder } from '@hep/hyperband';

/** Name of the command that trains, or finishes, one trial. */
export const TRIAL_COMMAND = 'tune-trial';

/**
 * The process of a trial, the same however often it is started: it goes on where it was stopped.
 * @param round counted from 0; without it the trial is judged and exported as it is
 */
export function trialCommand({ path }: SearchFolder, trial: number, round?: number): string[] {
  const program = [process.execPath, resolve(process.argv[1]), TRIAL_COMMAND, resolve(path), String(trial)];
  return round === undefined ? program : [...program, '--round', String(round + 1)];
}
