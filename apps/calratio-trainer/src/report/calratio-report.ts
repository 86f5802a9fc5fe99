/** Report of one training. */
import type { ColumnTable } from '@hep/datasets/columns';
import { optionsSection, renderReport } from '@hep/figures';
import type { ReportSection } from '@hep/figures';
import { OUTPUTS } from '@hep/calratio-training';
import { comparisonSections } from './comparison-sections.ts';
import { controlSection } from './control-section.ts';
import { efficiencySection } from './efficiency-section.ts';
import { headlineOf } from './headline.ts';
import { inputsSection } from './inputs-section.ts';
import type { PtScale } from './inputs-section.ts';
import { outputsSection } from './outputs-section.ts';
import { rocSection } from './roc-section.ts';
import type { RunResults } from './run-results.ts';
import { significanceSection } from './significance-section.ts';
import { trainingSection } from './training-section.ts';

/** What the report of a training tells. */
export interface CalRatioReportInput {
  readonly run: RunResults;
  readonly isSynthetic: boolean;
  /** Seed, data, sizes: what stands under the title before the scores. */
  readonly facts: readonly (readonly [string, string | number])[];
  /** The same training without adversary, shown beside it. */
  readonly withoutAdversary?: RunResults;
  /** Main sample as `build` wrote it, for the distributions of the inputs, and the limits it was scaled with. */
  readonly inputs?: { readonly main: ColumnTable; readonly scale?: PtScale };
}

/** Self-contained HTML report. */
export function calratioReport(input: CalRatioReportInput): string {
  const { run, isSynthetic, facts, withoutAdversary, inputs } = input;
  const { main, control } = run.predictions;
  const { auc, ksSum, ksByChance } = headlineOf(run.predictions);
  return renderReport({
    title: run.name,
    subtitle: isSynthetic
      ? 'Synthetic toy jets: the scores compare settings, they say nothing about the detector.'
      : 'CalRatio jet tagger',
    facts: [
      ...facts,
      ['Test jets, main', main.label.length],
      ['Test jets, control', control.label.length],
      ['AUC', auc],
      ...OUTPUTS.map((output) => [`K-S sum, ${output.toUpperCase()}`, ksSum[output]] as const),
      ['K-S sum by chance', ksByChance],
    ],
    sections: [
      trainingSection(run.history, run.bestEpoch),
      ...(withoutAdversary === undefined ? [] : [besideSection(run, withoutAdversary)]),
      controlSection(control),
      outputsSection(main),
      rocSection(main),
      efficiencySection(main),
      significanceSection(main),
      ...(inputs === undefined ? [] : [inputsSection(inputs.main, inputs.scale)]),
      optionsSection(run.options),
    ],
  });
}

/** One section, since it is about one question: what the adversary changes. */
function besideSection(run: RunResults, without: RunResults): ReportSection {
  const parts = comparisonSections([
    { ...run, name: 'with adversary' },
    { ...without, name: 'without adversary' },
  ]);
  return {
    heading: 'With and without adversary',
    text: parts.flatMap(({ text }) => text ?? []).join('\n\n'),
    tables: parts.flatMap(({ tables = [] }) => tables),
    figures: parts.flatMap(({ figures = [] }) => figures),
  };
}
