/** What the trials of a search gave, and the files that tell it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { atomicWrite } from '@hep/files';
import { standings } from '@hep/hyperband';
import type { Configuration, Outcome, SearchFolder, SearchPlan } from '@hep/hyperband';
import { readHistory, readRunRecord } from '@hep/training';
import type { EpochRow, RunRecord } from '@hep/training';

/** A trial that has an outcome. */
export interface TrialResult {
  readonly trial: number;
  /** Index into the brackets of the plan. */
  readonly bracket: number;
  /** The last round that it took part in, counted from 0. */
  readonly round: number;
  readonly outcome: Outcome;
  readonly configuration: Configuration;
  /** As far as it was trained. */
  readonly history: readonly EpochRow[];
  /** Missing where the trial failed before it began. */
  readonly record?: RunRecord;
}

/** The trials that have an outcome, the best first. */
export async function readResults(folder: SearchFolder): Promise<TrialResult[]> {
  const { plan, outcomes } = folder;
  return Promise.all(
    standings(plan, outcomes).map(async ({ trial, ...state }) => {
      const path = folder.trialFolder(trial);
      const [history, record] = [join(path, 'history.csv'), join(path, 'run.json')];
      return {
        trial,
        ...plan.trials[trial],
        ...state,
        history: existsSync(history) ? await readHistory(history) : [],
        ...(existsSync(record) ? { record: await readRunRecord(path, 'of a trial') } : {}),
      };
    }),
  );
}

/** Epochs that a trial was to have after its last round. */
function plannedEpochs({ brackets }: SearchPlan, { bracket, round }: TrialResult): number {
  return brackets[bracket][round].epochs;
}

/** A value of a configuration as text, lists as `256-128`; empty where it has none. */
export function valueText(configuration: Configuration, name: string): string {
  const value = configuration[name] ?? '';
  return typeof value === 'object' ? value.join('-') : String(value);
}

/** Columns of the table. Numbers that do not exist are missing. */
export interface TableRow {
  readonly rank: number;
  readonly trial: number;
  /** Counted from 1, as is `round`. */
  readonly bracket: number;
  readonly round: number;
  readonly epochs: number;
  readonly objective?: number;
  readonly bestEpoch?: number;
  readonly seconds?: number;
  /** Why the trial failed. */
  readonly failure?: string;
  readonly configuration: Configuration;
}

/** The table of a search, the best trial first. */
export function tableOf(plan: SearchPlan, results: readonly TrialResult[]): TableRow[] {
  return results.map((result, index) => {
    const { trial, bracket, round, outcome, configuration } = result;
    const place = { rank: index + 1, trial, bracket: bracket + 1, round: round + 1 };
    const epochs = plannedEpochs(plan, result);
    if (outcome.kind === 'failed') return { ...place, epochs, failure: outcome.reason, configuration };
    const { objective, epoch, seconds } = outcome;
    return { ...place, epochs, objective, bestEpoch: epoch, seconds, configuration };
  });
}

/** Writes `tuning.csv` and `tuning.json`. */
export async function writeTables(folder: SearchFolder, rows: readonly TableRow[]): Promise<void> {
  const { plan, path } = folder;
  await atomicWrite(join(path, 'tuning.csv'), tableCsv(plan, rows));
  const { objective, maxEpochs, factor, seed, brackets } = plan;
  const content = { objective, maxEpochs, factor, seed, brackets, trials: rows };
  await atomicWrite(join(path, 'tuning.json'), `${JSON.stringify(content, null, 2)}\n`);
}

function tableCsv({ space, objective }: SearchPlan, rows: readonly TableRow[]): string {
  const names = space.map(({ name }) => name);
  const header = [
    ...['rank', 'trial', 'bracket', 'round', 'epochs', objective.name, 'best_epoch', 'seconds'],
    ...names,
    'failure',
  ];
  const lines = rows.map(({ configuration, ...row }) =>
    [
      ...[row.rank, row.trial, row.bracket, row.round, row.epochs],
      ...[row.objective ?? '', row.bestEpoch ?? '', row.seconds?.toFixed(3) ?? ''],
      ...names.map((name) => quoted(valueText(configuration, name))),
      quoted(row.failure ?? ''),
    ].join(','),
  );
  return [header.join(','), ...lines, ''].join('\n');
}

function quoted(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
