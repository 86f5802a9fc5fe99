/** Which jets take part. */
import { UserError } from '@hep/options';
import { columnOf, invalidValues } from '../variables/normalisation.ts';
import type { Jets, Normalisation } from '../variables/normalisation.ts';
import type { JetBlock } from './jet-columns.ts';

/** Invalid jets that a message tells one by one. */
const TOLD = 3;

/**
 * Rows whose variables can all be normalised.
 * @param drop leave the others out instead of refusing them
 * @throws UserError that counts jets with values that are missing, infinite or outside of the domain, and names the
 * first ones by file and row
 */
export function validRows(normalisation: Normalisation, jets: JetBlock, drop: boolean): Int32Array {
  const invalid = invalidValues(normalisation, jets);
  if (invalid.length > 0 && !drop) {
    const told = invalid
      .slice(0, TOLD)
      .map(
        ({ row, variable, value, expected }) =>
          `${jets.describe(row)}: ${variable} is ${value}, expected ${expected}`,
      );
    const more = invalid.length > TOLD ? `; ${invalid.length} such jets in all` : '';
    throw new UserError(`${told.join('; ')}${more}; correct them, or leave them out with --drop-invalid`);
  }
  const bad = new Set(invalid.map(({ row }) => row));
  return Int32Array.from({ length: jets.rows }, (_, row) => row).filter((row) => !bad.has(row));
}

/** A cut on one variable; jets that satisfy it stay. */
export interface Cut {
  readonly text: string;
  /** Variables that the cut reads; it applies to jets that have them all. */
  readonly variables: readonly string[];
  readonly keeps: (values: Readonly<Record<string, number>>) => boolean;
}

const cut = (text: string, variables: readonly string[], keeps: Cut['keeps']): Cut => ({
  text,
  variables,
  keeps,
});

/** Jets of no mass, of which rounding makes relative mass residuals meaningless. @param minimum MeV */
export function massAbove(minimum: number): Cut {
  return cut(`m > ${minimum} MeV`, ['m'], ({ m }) => m > minimum);
}

/** Quality cuts of the 27-variable studies, which remove jets that are not from collisions. */
export const qualityCuts: readonly Cut[] = [
  cut('|EMFrac| < 5', ['EMFrac'], ({ EMFrac }) => Math.abs(EMFrac) < 5),
  cut(
    '|EMFrac| >= 0.05 at |eta| >= 2',
    ['EMFrac', 'eta'],
    ({ EMFrac, eta }) => !(Math.abs(EMFrac) < 0.05 && Math.abs(eta) >= 2),
  ),
  cut(
    'no noise in the electromagnetic calorimeter',
    ['AverageLArQF', 'EMFrac', 'LArQuality', 'eta'],
    ({ AverageLArQF, EMFrac, LArQuality, eta }) =>
      !(AverageLArQF > 0.8 && EMFrac > 0.95 && LArQuality > 0.8 && Math.abs(eta) < 2.8),
  ),
  cut('|NegativeE| < 300 GeV', ['NegativeE'], ({ NegativeE }) => Math.abs(NegativeE) < 300e3),
  cut(
    'no noise in the hadronic end-cap',
    ['AverageLArQF', 'HECQuality', 'HECFrac'],
    ({ AverageLArQF, HECQuality, HECFrac }) =>
      !(AverageLArQF > 0.8 && Math.abs(HECQuality) > 0.5 && Math.abs(HECFrac) > 0.5),
  ),
  cut('OotFracClusters10 > -0.1', ['OotFracClusters10'], ({ OotFracClusters10: x }) => x > -0.1),
  cut('OotFracClusters5 > -0.1', ['OotFracClusters5'], ({ OotFracClusters5: x }) => x > -0.1),
  cut('|Width| < 5, not -1', ['Width'], ({ Width }) => Math.abs(Width) < 5 && Width !== -1),
  cut('|WidthPhi| < 5', ['WidthPhi'], ({ WidthPhi }) => Math.abs(WidthPhi) < 5),
  cut('|Timing| < 125', ['Timing'], ({ Timing }) => Math.abs(Timing) < 125),
  cut('LArQuality < 4', ['LArQuality'], ({ LArQuality }) => LArQuality < 4),
  cut('|HECQuality| < 2.5', ['HECQuality'], ({ HECQuality }) => Math.abs(HECQuality) < 2.5),
];

/** Rows that pass, and how many each cut removed in turn. */
export interface CutFlow {
  readonly rows: Int32Array;
  readonly removed: readonly { readonly cut: string; readonly jets: number }[];
}

/** Applies cuts one after the other to some rows; those that read absent variables are skipped. */
export function applyCuts(jets: Jets, rows: Int32Array, cuts: readonly Cut[]): CutFlow {
  let kept = rows;
  const removed: { cut: string; jets: number }[] = [];
  for (const { text, variables, keeps } of cuts) {
    if (!variables.every((name) => jets.columns.has(name))) continue;
    const columns = variables.map((name) => [name, columnOf(jets, name)] as const);
    const left = kept.filter((row) =>
      keeps(Object.fromEntries(columns.map(([name, values]) => [name, values[row]]))),
    );
    removed.push({ cut: text, jets: kept.length - left.length });
    kept = left;
  }
  return { rows: kept, removed };
}
