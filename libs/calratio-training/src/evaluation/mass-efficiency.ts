/** Which jets the network takes for signal: signal is its largest output. */
import { efficiency } from '@hep/statistics';
import type { Efficiency } from '@hep/statistics';
import { jetsWhere, LABEL } from './scored-jets.ts';
import type { ScoredJets } from './scored-jets.ts';

/** A simulated sample of signal. */
export interface MassPoint {
  /** Masses in GeV. */
  readonly mH: number;
  readonly mS: number;
  /** Number of jets. */
  readonly jets: number;
  /** Weighted part that is taken for signal. */
  readonly efficiency: Efficiency;
}

/** Efficiency of each pair of masses, lightest first. */
export function massEfficiencies(main: ScoredJets): MassPoint[] {
  const signal = jetsWhere(main, (jet) => main.label[jet] === LABEL.signal);
  const pairs = new Map(
    Array.from(signal.mH, (mH, jet) => [massName(mH, signal.mS[jet]), { mH, mS: signal.mS[jet] }]),
  );
  return [...pairs.values()]
    .sort((a, b) => a.mH - b.mH || a.mS - b.mS)
    .map(({ mH, mS }) => {
      const jets = jetsWhere(signal, (jet) => signal.mH[jet] === mH && signal.mS[jet] === mS);
      return { mH, mS, jets: jets.label.length, efficiency: takenForSignal(jets) };
    });
}

/** Parts of the backgrounds that are taken for signal. */
export function falsePositives(main: ScoredJets): { readonly qcd: Efficiency; readonly bib: Efficiency } {
  const part = (label: number) => takenForSignal(jetsWhere(main, (jet) => main.label[jet] === label));
  return { qcd: part(LABEL.qcd), bib: part(LABEL.data) };
}

/** `125, 55`: heavy and light mass. */
export function massName(mH: number, mS: number): string {
  return `${mH}, ${mS}`;
}

function takenForSignal({ scores: { qcd, sig, bib }, weight }: ScoredJets): Efficiency {
  return efficiency(
    Uint8Array.from(sig, (score, jet) => +(score > qcd[jet] && score > bib[jet])),
    weight,
  );
}
