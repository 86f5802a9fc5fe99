/** Recorded against simulated multijets in the control region. */
import { ratioHistogram } from '@hep/figures';
import type { Figure, ReportFigure, ReportSection } from '@hep/figures';
import { normalised, weightedHistogram } from '@hep/statistics';
import { agreements, jetsInBin, jetsWhere, LABEL, OUTPUTS, PT_BINS } from '@hep/calratio-training';
import type { Agreement, Output, PtBin, ScoredJets } from '@hep/calratio-training';
import { CONTROL_CLASSES, OUTPUT_TITLES } from './names.ts';
import { SCORE_EDGES } from './outputs-section.ts';

/** Outputs of data and simulation with their ratio, for all jets and in three bins of pT, with K-S tests. */
export function controlSection(control: ScoredJets): ReportSection {
  const tests = agreements(control);
  return {
    heading: 'Data against simulation',
    text:
      'Control region, test jets; data and simulation are scaled to a sum of 1. Bars are the statistical errors of the ' +
      'data, bands those of the simulation. K-S is the largest difference of the cumulative distributions, p the ' +
      'probability that chance makes it as large. Bins of the scaled transverse momentum: below 0.25, 0.25 to 0.5, above 0.5.',
    tables: [testTable(tests)],
    figures: PT_BINS.flatMap((bin) => binFigures(control, tests, bin)),
  };
}

/** Each output for all transverse momenta. */
export function inclusiveControlFigures(control: ScoredJets): ReportFigure[] {
  return binFigures(control, agreements(control), PT_BINS[0]);
}

function binFigures(control: ScoredJets, tests: readonly Agreement[], bin: PtBin): ReportFigure[] {
  const jets = jetsInBin(control, bin);
  return OUTPUTS.map((output) => ({
    figure: dataAgainstSimulation(jets, output, testOf(tests, bin, output)),
    caption: `${OUTPUT_TITLES[output]} in the control region, ${bin.name === 'all' ? 'all jets' : bin.name}.`,
  }));
}

/** K-S tests, a row for each bin and output. */
function testTable(tests: readonly Agreement[]) {
  return {
    caption:
      'Kolmogorov-Smirnov tests. Without any difference chance gives the distance “by chance” in the mean, and a larger one ' +
      'than the critical in 5 % of the cases.',
    columns: ['pT', 'output', 'K-S', 'by chance', 'critical', 'p', 'effective data', 'effective simulation'],
    rows: tests.map(
      ({ bin, output, distance, byChance, critical, probability, effectiveCounts: [data, simulation] }) => [
        bin.name,
        OUTPUT_TITLES[output],
        distance,
        ...(Number.isNaN(distance) ? [NaN, NaN] : [byChance, critical]),
        probability,
        data,
        simulation,
      ],
    ),
  };
}

function testOf(tests: readonly Agreement[], bin: PtBin, output: Output): Agreement {
  return tests.find((test) => test.bin === bin && test.output === output)!;
}

function dataAgainstSimulation(jets: ScoredJets, output: Output, test: Agreement): Figure {
  const histogramOf = (label: number) => {
    const { scores, weight } = jetsWhere(jets, (jet) => jets.label[jet] === label);
    return normalised(weightedHistogram(scores[output], SCORE_EDGES, weight));
  };
  return ratioHistogram({
    data: { name: CONTROL_CLASSES[LABEL.data], histogram: histogramOf(LABEL.data) },
    simulation: { name: CONTROL_CLASSES[LABEL.qcd], histogram: histogramOf(LABEL.qcd) },
    xTitle: OUTPUT_TITLES[output],
    yTitle: 'Fraction of jets',
    logY: true,
    note: Number.isNaN(test.distance)
      ? 'no data or no simulation'
      : `K-S ${test.distance.toFixed(3)}, p ${probabilityText(test.probability)}`,
  });
}

function probabilityText(probability: number): string {
  return probability < 1e-4 ? '< 0.0001' : probability.toPrecision(2);
}
