/** Self-contained report of a search. */
import { join } from 'node:path';
import { atomicWrite } from '@hep/files';
import { optionsSection, renderReport } from '@hep/figures';
import type { ReportSection, ReportTable } from '@hep/figures';
import type { SearchFolder, SearchPlan } from '@hep/hyperband';
import { tuneOptions } from '../options.ts';
import type { TuneOptions } from '../options.ts';
import { tableOf, valueText } from '../results.ts';
import type { TrialResult } from '../results.ts';
import { curvesSection } from './curves-section.ts';
import { parallelSection } from './parallel-section.ts';

/** Writes `report.html`. */
export async function writeReport(
  folder: SearchFolder,
  results: readonly TrialResult[],
  options: TuneOptions,
): Promise<void> {
  await atomicWrite(join(folder.path, 'report.html'), searchReport(folder.plan, results, options));
}

function searchReport(plan: SearchPlan, results: readonly TrialResult[], options: TuneOptions): string {
  const isSynthetic = options.input.length === 0 && options.shards === undefined;
  const [best] = tableOf(plan, results);
  const failed = results.filter(({ outcome }) => outcome.kind === 'failed').length;
  return renderReport({
    title: 'Search of hyper-parameters',
    subtitle: isSynthetic
      ? 'Synthetic toy tracks: what is best here need not be best for the detector.'
      : 'Track classifier, by Hyperband',
    facts: [
      [`Best ${plan.objective.name}`, best.objective ?? NaN],
      ['Best trial', best.trial],
      ['Trials', results.length],
      ['Failed', failed],
      ['Most epochs', plan.maxEpochs],
    ],
    sections: [
      trialsSection(plan, results),
      parallelSection(plan, results),
      bracketsSection(plan, results),
      curvesSection(plan, results),
      optionsSection(tuneOptions.rows(options)),
    ],
  });
}

function trialsSection(plan: SearchPlan, results: readonly TrialResult[]): ReportSection {
  const names = plan.space.map(({ name }) => name);
  const table: ReportTable = {
    columns: ['rank', 'trial', 'bracket', 'epochs', plan.objective.name, 'best epoch', 'time [s]', ...names],
    rows: tableOf(plan, results).map(({ configuration, ...row }, index) => {
      const value = row.objective ?? NaN;
      return [
        ...[row.rank, row.trial, row.bracket, row.epochs, index === 0 ? { best: value } : value],
        ...[row.bestEpoch ?? NaN, row.seconds ?? NaN],
        ...names.map((name) => valueText(configuration, name)),
      ];
    }),
  };
  const failures = results.flatMap(({ trial, outcome }) =>
    outcome.kind === 'failed' ? [[trial, outcome.reason]] : [],
  );
  return {
    heading: 'Trials',
    text: 'The best first. What counts is the best of all epochs that a trial had.',
    tables: [
      table,
      ...(failures.length > 0 ? [{ caption: 'Failed.', columns: ['trial', 'reason'], rows: failures }] : []),
    ],
  };
}

function bracketsSection(plan: SearchPlan, results: readonly TrialResult[]): ReportSection {
  const rows = plan.brackets.flatMap((bracket, index) =>
    bracket.map((planned, round) => {
      const took = results.filter((result) => result.bracket === index && result.round >= round);
      return [index + 1, round + 1, planned.epochs, planned.trials, took.length];
    }),
  );
  return {
    heading: 'Brackets',
    text: `After each round about one of ${plan.factor} trials goes on from its weights. Trials that failed never do.`,
    tables: [{ columns: ['bracket', 'round', 'epochs', 'trials planned', 'trials'], rows }],
  };
}
