/** ROC curves and working points. */
import { rocCurves } from '@hep/figures';
import type { ReportFigure, ReportSection, ReportTable, RocSeries } from '@hep/figures';
import { BACKGROUNDS, discrimination, discriminationByMass, workingPoints } from '@hep/calratio-training';
import type { Background, Cut, Discrimination, ScoredJets } from '@hep/calratio-training';
import { efficiencyText, unbroken } from './names.ts';

/** Backgrounds in legends. */
export const BACKGROUND_NAMES: Readonly<Record<Background, string>> = {
  both: 'QCD and BIB',
  qcd: 'QCD only',
  bib: 'BIB only',
};

/** Signal against each background and, mass by mass, against both; what usual cuts keep. */
export function rocSection(main: ScoredJets): ReportSection {
  const cuts = workingPoints(main);
  return {
    heading: 'Signal against background',
    text:
      'Cuts on the signal score, main sample, test jets. The weights of each class are scaled to its number of jets; ' +
      'where both backgrounds are one, BIB counts a tenth. Intervals hold 68 %.',
    figures: [againstEach(main, cuts), ...byMass(main)],
    tables: [cutTable(cuts)],
  };
}

function againstEach(main: ScoredJets, cuts: readonly Cut[]): ReportFigure {
  const series = BACKGROUNDS.map((background) => {
    const found = discrimination(main, background);
    return { ...seriesOf(BACKGROUND_NAMES[background], found), workingPoints: marked(found, cuts) };
  });
  return {
    figure: rocCurves({ series }),
    caption:
      'Against both backgrounds and each alone; points are the working points of the table that keep fixed signal.',
  };
}

function byMass(main: ScoredJets): ReportFigure[] {
  const series = [...discriminationByMass(main)].map(([mass, found]) => seriesOf(`mH ${mass}`, found));
  if (series.length < 2) return [];
  return [{ figure: rocCurves({ series }), caption: 'Signal of each heavy mass (GeV) against QCD and BIB.' }];
}

function seriesOf(name: string, { curve, area }: Discrimination): RocSeries {
  return { name, ...curve, area };
}

/** The cuts that were chosen for their signal efficiency, on a curve. */
function marked({ curve }: Discrimination, cuts: readonly Cut[]) {
  return cuts
    .filter(({ aim }) => aim.startsWith('signal'))
    .flatMap(({ aim, threshold }) => {
      const point = curve.thresholds.findLastIndex((value) => value >= threshold);
      if (point < 0) return [];
      const signalEfficiency = curve.signalEfficiency[point];
      return [{ label: aim, signalEfficiency, backgroundEfficiency: curve.backgroundEfficiency[point] }];
    });
}

function cutTable(cuts: readonly Cut[]): ReportTable {
  return {
    caption:
      'Working points: what is kept of each class, and how many background jets there are for each one kept.',
    columns: ['aim', 'score above', 'signal', 'QCD', 'BIB', 'QCD rejection', 'BIB rejection'],
    rows: cuts.map(({ aim, threshold, signal, qcd, bib }) => [
      unbroken(aim),
      threshold,
      efficiencyText(signal),
      efficiencyText(qcd),
      efficiencyText(bib),
      1 / qcd.value,
      1 / bib.value,
    ]),
  };
}
