/** S / sqrt(B) over cuts. */
import { curves } from '@hep/figures';
import type { ReportSection } from '@hep/figures';
import type { NamedScan, ScoredJets } from '@hep/calratio-training';
import { significanceScans } from '@hep/calratio-training';

const SIGNAL_OVER_ROOT = 'S / √B';

/** Scans against each choice of backgrounds, and by heavy mass. */
export function significanceSection(main: ScoredJets): ReportSection {
  const scans = significanceScans(main);
  const byMass = scans.filter(({ name }) => name.startsWith('mH'));
  return {
    heading: 'Significance',
    text:
      'S / √B from test jets above a cut on the signal score; S is not scaled to a cross-section, so that only ratios of ' +
      'values mean something. Where both backgrounds are one, multijets are scaled to the number of BIB jets. Each scan ends ' +
      'where ten background jets are left.',
    figures: [
      figureOf(
        scans.filter((scan) => !byMass.includes(scan)),
        'All signal, against each choice of backgrounds.',
      ),
      ...(byMass.length > 1 ? [figureOf(byMass, 'Each heavy mass against both backgrounds.')] : []),
    ],
    tables: [
      {
        caption: 'Largest value and integral over the cut.',
        columns: ['scan', 'best S / √B', 'at score above', 'integral'],
        rows: scans.map(({ name, scan: { best, area } }) => [name, best.significance, best.threshold, area]),
      },
    ],
  };
}

/** Against the distance of the cut from 1, where signal is. */
function figureOf(scans: readonly NamedScan[], caption: string) {
  const series = scans
    .filter(({ scan }) => scan.thresholds.length > 0)
    .map(({ name, scan }) => ({ name, ...distanceFromOne(scan.thresholds, scan.significance) }));
  const figure = curves({
    series,
    xTitle: '1 − cut on the signal score',
    yTitle: SIGNAL_OVER_ROOT,
    logX: true,
  });
  return { figure, caption };
}

/** A logarithmic axis has no 0: the cut at 1 is left out. */
function distanceFromOne(thresholds: Float64Array, significance: Float64Array) {
  const shown = Array.from(thresholds.keys()).filter((cut) => thresholds[cut] < 1);
  return { x: shown.map((cut) => 1 - thresholds[cut]), y: shown.map((cut) => significance[cut]) };
}
