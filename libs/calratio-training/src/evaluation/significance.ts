/** S / sqrt(B) over cuts on the signal score (spec 10.3). */
import { significanceScan } from '@hep/statistics';
import type { SignificanceScan, WeightedSample } from '@hep/statistics';
import { balancedWeights, heavyMasses, LABEL, picked, rowsWhere } from './scored-jets.ts';
import type { ScoredJets } from './scored-jets.ts';

/** A scan with the samples that it compares. */
export interface NamedScan {
  readonly name: string;
  readonly scan: SignificanceScan;
}

const geometric = (from: number, to: number, count: number) =>
  Array.from({ length: count }, (_, i) => 10 ** (from + (i / (count - 1)) * (to - from)));

/** Denser where signal is: close to 1. */
const CUTS = [
  ...geometric(-5, -1, 100),
  ...Array.from({ length: 20 }, (_, i) => 0.11 + (i / 19) * 0.78),
  ...geometric(-0.04575, 0, 600),
];

/**
 * Scans against both backgrounds, against each alone, and for each heavy mass against both. Signal and BIB count jets;
 * the weights of multijets are scaled to the number of BIB jets where both are one background, to their own otherwise.
 */
export function significanceScans(main: ScoredJets): NamedScan[] {
  const multijetWeights = balancedWeights(main);
  const bibPerMultijet = countOf(main, LABEL.data) / countOf(main, LABEL.qcd);
  const sample = (isUsed: (jet: number) => boolean, multijetScale = 1): WeightedSample => {
    const rows = rowsWhere(main, isUsed);
    const weights = Float64Array.from(rows, (jet) =>
      main.label[jet] === LABEL.qcd ? multijetScale * multijetWeights[jet] : 1,
    );
    return { values: picked(main.scores.sig, rows), weights };
  };
  const ofLabel = (label: number) => sample((jet) => main.label[jet] === label);
  const signal = ofLabel(LABEL.signal);
  const both = sample((jet) => main.label[jet] !== LABEL.signal, bibPerMultijet > 0 ? bibPerMultijet : 1);
  const scan = (name: string, chosen: WeightedSample, background: WeightedSample) => ({
    name,
    scan: significanceScan(chosen, background, CUTS),
  });
  return [
    scan('QCD and BIB', signal, both),
    scan('QCD only', signal, ofLabel(LABEL.qcd)),
    scan('BIB only', signal, ofLabel(LABEL.data)),
    ...heavyMasses(main).map((mass) =>
      scan(
        `mH ${mass} GeV`,
        sample((jet) => main.label[jet] === LABEL.signal && main.mH[jet] === mass),
        both,
      ),
    ),
  ];
}

function countOf({ label }: ScoredJets, counted: number): number {
  return label.reduce((count, one) => count + Number(one === counted), 0);
}
