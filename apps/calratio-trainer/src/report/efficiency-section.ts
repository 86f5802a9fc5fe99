/** Which jets are taken for signal, sample by sample. */
import { efficiencyPoints } from '@hep/figures';
import type { ReportSection } from '@hep/figures';
import { falsePositives, massEfficiencies, massName } from '@hep/calratio-training';
import type { ScoredJets } from '@hep/calratio-training';
import { efficiencyText } from './names.ts';

/** Title of an axis of mass points. */
export const MASS_TITLE = 'm<sub>H</sub>, m<sub>s</sub> [GeV]';

/** Signal efficiency of each pair of masses and false positives of the backgrounds. */
export function efficiencySection(main: ScoredJets): ReportSection {
  const masses = massEfficiencies(main);
  const { qcd, bib } = falsePositives(main);
  const at = new Map(masses.map(({ mH, mS, efficiency }) => [massName(mH, mS), efficiency]));
  return {
    heading: 'Efficiency by mass',
    text: 'Part of the jets whose largest output is signal; intervals hold 68 %.',
    figures: [
      {
        figure: efficiencyPoints({
          points: [...at.keys()],
          series: [{ name: 'Signal', at }],
          xTitle: MASS_TITLE,
          yTitle: 'Signal efficiency',
        }),
        caption: 'Signal, by masses of the heavy scalar and of the long-lived one.',
        wide: masses.length > 4,
      },
    ],
    tables: [
      {
        caption: 'Signal.',
        columns: ['mH [GeV]', 'mS [GeV]', 'jets', 'efficiency'],
        rows: masses.map(({ mH, mS, jets, efficiency }) => [mH, mS, jets, efficiencyText(efficiency)]),
      },
      {
        caption: 'False positives.',
        columns: ['background', 'part taken for signal'],
        rows: [
          ['Multijet', efficiencyText(qcd)],
          ['BIB', efficiencyText(bib)],
        ],
      },
    ],
  };
}
