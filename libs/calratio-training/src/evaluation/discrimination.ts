/** How well the signal score tells signal from the backgrounds. */
import {
  areaUnderRoc,
  efficiencyAbove,
  rocCurve,
  workingPointAtBackground,
  workingPointAtSignal,
} from '@hep/statistics';
import type { Efficiency, RocCurve, WorkingPoint } from '@hep/statistics';
import { balancedWeights, heavyMasses, jetsWhere, LABEL } from './scored-jets.ts';
import type { ScoredJets } from './scored-jets.ts';

/** Backgrounds that signal is compared with. */
export const BACKGROUNDS = ['both', 'qcd', 'bib'] as const;

/** Name of a choice of backgrounds. */
export type Background = (typeof BACKGROUNDS)[number];

/** A curve with its area. */
export interface Discrimination {
  readonly curve: RocCurve;
  /** NaN without signal or without background. */
  readonly area: number;
}

/** Beam-induced background counts this much of a multijet jet where both are one background (spec 10.3). */
const BIB_SHARE = 0.1;

/** ROC of the signal score; weights of each class sum to its number of jets, BIB beside multijets counts a tenth. */
export function discrimination(main: ScoredJets, background: Background): Discrimination {
  const used = jetsWhere(main, (jet) => isUsed(main.label[jet], background));
  const balanced = balancedWeights(used);
  const weights = balanced.map((weight, jet) =>
    background === 'both' && used.label[jet] === LABEL.data ? BIB_SHARE * weight : weight,
  );
  const isSignal = used.label.map((label) => +(label === LABEL.signal));
  const curve = rocCurve(used.scores.sig, isSignal, { weights });
  return { curve, area: areaUnderRoc(curve) };
}

/** ROC against both backgrounds for the signal of each heavy mass, by mass in GeV. */
export function discriminationByMass(main: ScoredJets): Map<number, Discrimination> {
  return new Map(
    heavyMasses(main).map((mass) => {
      const jets = jetsWhere(main, (jet) => main.label[jet] !== LABEL.signal || main.mH[jet] === mass);
      return [mass, discrimination(jets, 'both')];
    }),
  );
}

/** A cut on the signal score with what it keeps of each class. */
export interface Cut {
  /** What the cut was chosen for, for example `signal 80 %`. */
  readonly aim: string;
  readonly threshold: number;
  readonly signal: Efficiency;
  readonly qcd: Efficiency;
  readonly bib: Efficiency;
}

const SIGNAL_EFFICIENCIES = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95];
const BACKGROUND_EFFICIENCIES = [0.1, 0.01, 0.001];

/** Working points at fixed signal, multijet and BIB efficiencies; those that no jet allows are left out. */
export function workingPoints(main: ScoredJets): Cut[] {
  const percent = (part: number) => `${Number((100 * part).toPrecision(6))} %`;
  const [both, qcd, bib] = BACKGROUNDS.map((background) => discrimination(main, background).curve);
  const chosen: [string, WorkingPoint][] = [
    ...SIGNAL_EFFICIENCIES.map((part): [string, WorkingPoint] => [
      `signal ${percent(part)}`,
      workingPointAtSignal(both, part),
    ]),
    ...BACKGROUND_EFFICIENCIES.map((part): [string, WorkingPoint] => [
      `QCD ${percent(part)}`,
      workingPointAtBackground(qcd, part),
    ]),
    ...BACKGROUND_EFFICIENCIES.map((part): [string, WorkingPoint] => [
      `BIB ${percent(part)}`,
      workingPointAtBackground(bib, part),
    ]),
  ];
  const classes = [LABEL.signal, LABEL.qcd, LABEL.data].map((label) =>
    jetsWhere(main, (jet) => main.label[jet] === label),
  );
  return chosen
    .filter(([, { threshold }]) => Number.isFinite(threshold))
    .map(([aim, { threshold }]) => {
      const [keptSignal, keptQcd, keptBib] = classes.map(({ scores, weight }) =>
        efficiencyAbove(scores.sig, threshold, weight),
      );
      return { aim, threshold, signal: keptSignal, qcd: keptQcd, bib: keptBib };
    });
}

function isUsed(label: number, background: Background): boolean {
  if (label === LABEL.signal || background === 'both') return true;
  return label === (background === 'qcd' ? LABEL.qcd : LABEL.data);
}
