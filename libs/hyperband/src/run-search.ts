import { isUserError, UserError } from '@hep/options';
import type { PlannedTrial } from './plan.ts';
import { participants } from './promotion.ts';
import type { Outcome } from './promotion.ts';
import type { SearchFolder } from './search-folder.ts';

/** A process to run; its work is done when its result file is there. */
export interface Task {
  /** Unique within a search, of letters, digits and dashes. */
  readonly name: string;
  /** Program and arguments. */
  readonly command: readonly string[];
  /** File that the process writes in one step when it has done its work. */
  readonly result: string;
}

/** Reason of a signal that aborts because the search cannot go on as it is, and not because somebody wants it to stop. */
export const SEARCH_FAILED = 'search failed';

/**
 * Told of a task that ended.
 * @param failure why there is no result file; null where there is one
 */
export type TaskEnded = (task: Task, failure: string | null) => Promise<void>;

/** Runs processes: here, or on the nodes of a batch system. */
export interface TaskRunner {
  /**
   * Runs tasks, in any order and together with those of other calls, and tells of each that ended; one whose result is
   * there already is not run. After `signal` aborts it ends as soon as it can, and tells of no failure that comes of it.
   * @param name of the group, unique within a search, of letters, digits and dashes; a group has the same tasks each time
   * @throws UserError where all tasks would fail by the same mistake of the user
   */
  run(name: string, tasks: readonly Task[], signal: AbortSignal, ended: TaskEnded): Promise<void>;
}

/** How a search is run. */
export interface SearchRun {
  readonly folder: SearchFolder;
  readonly runner: TaskRunner;
  /** The process that trains a trial for a round and writes its outcome. */
  readonly commandOf: (trial: PlannedTrial, round: number) => readonly string[];
  readonly signal: AbortSignal;
  /** Told before a round, of the trials whose outcome is missing. */
  readonly onRound?: (bracket: number, round: number, missing: readonly number[]) => void;
  /** Told of every outcome. */
  readonly onOutcome?: (trial: number, round: number, outcome: Outcome) => void;
}

/**
 * Runs all brackets side by side, round by round, as far as they have no outcomes yet. A trial that ends without one is
 * recorded as failed.
 * @returns whether the search is complete; it is not after `signal` aborted
 * @throws UserError that a runner threw, after the other tasks stopped
 */
export async function runSearch(search: SearchRun): Promise<boolean> {
  const stop = new AbortController();
  const signal = AbortSignal.any([search.signal, stop.signal]);
  const ends = await Promise.allSettled(
    search.folder.plan.brackets.map((_, bracket) =>
      runBracket({ ...search, signal }, bracket).catch((error: unknown) => {
        stop.abort(SEARCH_FAILED);
        throw error;
      }),
    ),
  );
  const errors = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
  if (errors.length > 0) throw errors.find(isUserError) ?? errors[0];
  return ends.every((end) => end.status === 'fulfilled' && end.value);
}

/** @returns whether the bracket is complete */
async function runBracket(search: SearchRun, bracket: number): Promise<boolean> {
  const { plan } = search.folder;
  for (const round of plan.brackets[bracket].keys()) {
    await runRound(search, bracket, round);
    if (search.signal.aborted && missingOf(search, bracket, round).length > 0) return false;
  }
  return true;
}

function participantsOf({ folder }: SearchRun, bracket: number, round: number): readonly number[] {
  return participants(folder.plan, bracket, round, folder.outcomes) ?? [];
}

function missingOf(search: SearchRun, bracket: number, round: number): readonly number[] {
  const { outcomes } = search.folder;
  return participantsOf(search, bracket, round).filter((trial) => outcomes(trial, round) === undefined);
}

async function runRound(search: SearchRun, bracket: number, round: number): Promise<void> {
  const { folder, runner, commandOf, signal, onRound, onOutcome } = search;
  const missing = missingOf(search, bracket, round);
  if (missing.length === 0 || signal.aborted) return;
  onRound?.(bracket, round, missing);
  const taskOf = (trial: number): Task => ({
    name: `trial-${trial}-round-${round + 1}`,
    command: commandOf(folder.plan.trials[trial], round),
    result: folder.outcomePath(trial, round),
  });
  const trialOf = new Map(participantsOf(search, bracket, round).map((trial) => [taskOf(trial), trial]));
  const ended: TaskEnded = async (task, failure) => {
    const trial = trialOf.get(task)!;
    if (folder.outcomes(trial, round) !== undefined) return;
    if (failure !== null) await folder.write(trial, round, { kind: 'failed', reason: failure });
    const outcome = await folder.read(trial, round);
    if (outcome === undefined) throw new UserError(`${task.result}: is missing, something removed it`);
    onOutcome?.(trial, round, outcome);
  };
  await runner.run(`bracket-${bracket + 1}-round-${round + 1}`, [...trialOf.keys()], signal, ended);
}
