/** A search: trials as the brackets say, then the best of them judged and exported, tables and report. */
import { join } from 'node:path';
import { withLock } from '@hep/files';
import { runSearch } from '@hep/hyperband';
import type { Outcome, SearchFolder } from '@hep/hyperband';
import { RunFailure, UserError } from '@hep/options';
import type { CliOutput } from '@hep/options';
import { stoppable } from '@hep/training-command';
import type { WorkEnd } from '@hep/training-command';
import { finishBest } from './best.ts';
import { writeHyperParameters } from './hyper-parameters.ts';
import type { TuneOptions } from './options.ts';
import { writeReport } from './report/search-report.ts';
import { readResults, tableOf, valueText, writeTables } from './results.ts';
import type { TrialResult } from './results.ts';
import { runnerOf } from './runner.ts';
import { trialCommand } from './trial-command.ts';

/**
 * Does work on the folder of a search that one process at a time may do.
 * @throws UserError when another one is at it
 */
export async function alone<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  const done = await withLock(join(path, '.search'), work);
  if (done !== undefined) return done.result;
  throw new UserError(`${path}: another process is at this search; wait for it, or choose another --output`);
}

/**
 * Begins or goes on with a search.
 * @returns the exit code
 */
export async function tune(folder: SearchFolder, options: TuneOptions, output: CliOutput): Promise<number> {
  return stoppable(
    output,
    (signal) => search(folder, options, signal, output),
    'trials go on where they are with --resume; Ctrl-C again to stop at once',
  );
}

async function search(
  folder: SearchFolder,
  options: TuneOptions,
  signal: AbortSignal,
  output: CliOutput,
): Promise<WorkEnd> {
  const runner = runnerOf(folder, options, output);
  const isComplete = await runSearch({
    folder,
    runner,
    signal,
    commandOf: ({ number }, round) => trialCommand(folder, number, round),
    onRound: (bracket, round, missing) => output.out(roundLine(folder, bracket, round, missing.length)),
    onOutcome: (trial, round, outcome) => output.out(outcomeLine(folder, trial, round, outcome)),
  });
  const results = await readResults(folder);
  await writeTables(folder, tableOf(folder.plan, results));
  if (!isComplete || !(await finishBest(folder, requireBest(results), runner, signal))) {
    output.out(`interrupted; go on with tune --resume ${folder.path}`);
    return 'interrupted';
  }
  await writeHyperParameters(folder, results);
  await writeReport(folder, results, options);
  sayResults(folder, results, output);
  return 'finished';
}

/** The best trial. @throws RunFailure when all failed */
function requireBest([best]: readonly TrialResult[]): TrialResult {
  if (best.outcome.kind === 'finished') return best;
  throw new RunFailure(`all trials failed; the first of them: ${best.outcome.reason}`);
}

function roundLine(
  { plan: { brackets } }: SearchFolder,
  bracket: number,
  round: number,
  trials: number,
): string {
  const place = `bracket ${bracket + 1} of ${brackets.length}, round ${round + 1} of ${brackets[bracket].length}`;
  return `${place}: ${trials} trials up to epoch ${brackets[bracket][round].epochs}`;
}

function outcomeLine({ plan }: SearchFolder, trial: number, round: number, outcome: Outcome): string {
  if (outcome.kind === 'failed') return `trial ${trial} failed: ${outcome.reason}`;
  const { epochs } = plan.brackets[plan.trials[trial].bracket][round];
  return `trial ${trial}, ${epochs} epochs: ${plan.objective.name} ${outcome.objective.toPrecision(5)}`;
}

/** Trials that the terminal shows. */
const SHOWN = 10;

function sayResults({ path, plan }: SearchFolder, results: readonly TrialResult[], { out }: CliOutput): void {
  const rows = tableOf(plan, results).slice(0, SHOWN);
  out(`rank  trial  epochs  ${plan.objective.name.padEnd(9)} configuration`);
  for (const { rank, trial, epochs, objective, failure, configuration } of rows) {
    const value = objective?.toPrecision(5) ?? 'failed';
    const numbers = [String(rank).padStart(4), String(trial).padStart(5), String(epochs).padStart(6)];
    out(`${numbers.join('  ')}  ${value.padEnd(9)} ${failure ?? describe(configuration)}`);
  }
  out(`best network in ${join(path, 'best')}, all trials in ${join(path, 'report.html')}`);
}

function describe(configuration: TrialResult['configuration']): string {
  return Object.keys(configuration)
    .map((name) => `${name} ${valueText(configuration, name)}`)
    .join(', ');
}
