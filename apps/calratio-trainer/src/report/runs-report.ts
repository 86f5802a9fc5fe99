/** Reports of several runs. */
import { renderReport } from '@hep/figures';
import type { ReportSection } from '@hep/figures';
import { OUTPUTS } from '@hep/calratio-training';
import { bestEpochsSection } from './best-epochs.ts';
import { comparisonSections } from './comparison-sections.ts';
import { inclusiveControlFigures } from './control-section.ts';
import { headlineOf } from './headline.ts';
import { classesFigure } from './outputs-section.ts';
import { parametersSection } from './parameters-section.ts';
import type { RunResults } from './run-results.ts';

/** Best epochs of each run, all runs side by side, distributions of each, options. */
export function analysisReport(runs: readonly RunResults[]): string {
  return renderReport({
    title: 'Analysis of runs',
    facts: [['Runs', runs.length]],
    sections: [
      bestEpochsSection(runs),
      ...comparisonSections(runs),
      ...runs.map(plotsOf),
      parametersSection(runs, { withCommon: true }),
    ],
  });
}

/** What differs between runs, the first being the reference. */
export function comparisonReport(runs: readonly RunResults[]): string {
  const [reference, ...others] = runs.map(({ name, predictions }) => ({ name, ...headlineOf(predictions) }));
  const total = ({ ksSum }: typeof reference) => ksSum.qcd + ksSum.sig + ksSum.bib;
  const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toPrecision(3)}`;
  return renderReport({
    title: runs.map(({ name }) => name).join(' against '),
    subtitle: `Differences are to ${reference.name}.`,
    facts: others.flatMap((other) => [
      [`${other.name}: AUC`, signed(other.auc - reference.auc)] as const,
      [`${other.name}: K-S sum`, signed(total(other) - total(reference))] as const,
    ]),
    sections: [
      ...comparisonSections(runs),
      ...runs.map(plotsOf),
      parametersSection(runs, { withCommon: false }),
    ],
  });
}

function plotsOf({ name, predictions: { main, control } }: RunResults): ReportSection {
  return {
    heading: `${name}: outputs`,
    text: 'Test jets: classes of the main sample; data against simulation in the control region, all transverse momenta.',
    figures: inclusiveControlFigures(control).flatMap((figure, output) => [
      classesFigure(main, OUTPUTS[output]),
      figure,
    ]),
  };
}
