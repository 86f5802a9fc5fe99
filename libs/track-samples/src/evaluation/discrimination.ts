/** How well a score tells true tracks from fakes, iteration by iteration. */
import { areaUnderRoc, rocCurve, workingPointAtBackground, workingPointAtSignal } from '@hep/statistics';
import type { RocCurve } from '@hep/statistics';
import { PHASE1_ITERATIONS } from '@hep/track-dnn/variables';
import type { TrackTable } from '../tables/track-table.ts';

/** What is known of tracks that are judged. */
export type JudgedTracks = Omit<TrackTable, 'width' | 'features' | 'groups'>;

/** The tracks of these rows in their order. */
export function selectJudged(
  { pt, iterations, isTrue, treeScores }: JudgedTracks,
  rows: Int32Array,
): JudgedTracks {
  return {
    rows: rows.length,
    pt: Float32Array.from(rows, (row) => pt[row]),
    iterations: Uint8Array.from(rows, (row) => iterations[row]),
    isTrue: Uint8Array.from(rows, (row) => isTrue[row]),
    treeScores: treeScores === null ? null : Float32Array.from(rows, (row) => treeScores[row]),
  };
}

/** Curve and area of a score. */
export interface ScoreCurve {
  readonly curve: RocCurve;
  readonly area: number;
}

/** Tracks of one iteration, or all. */
export interface IterationResult {
  /** Name of the iteration, or `all`. */
  readonly name: string;
  /** Row numbers of the table, [tracks]. */
  readonly rows: Int32Array;
  readonly trueTracks: number;
  readonly fakes: number;
  readonly network: ScoreCurve;
  /** Score of the decision trees, where the table has it. */
  readonly trees: ScoreCurve | null;
}

/** Results of iterations with both kinds of tracks, and what there is of the others. */
export interface Discrimination {
  /** All tracks first. */
  readonly results: readonly IterationResult[];
  /** Why an iteration has no result. */
  readonly skipped: readonly string[];
}

/** Compares the scores of the network with those of the decision trees. @param scores of the network, [rows] */
export function discrimination(table: JudgedTracks, scores: Float32Array): Discrimination {
  const results: IterationResult[] = [];
  const skipped: string[] = [];
  const every = Int32Array.from({ length: table.rows }, (_, row) => row);
  const selections = [
    { name: 'all', rows: every },
    ...PHASE1_ITERATIONS.map(({ name, code }) => ({
      name,
      rows: every.filter((row) => table.iterations[row] === code),
    })),
  ];
  for (const { name, rows } of selections) {
    const trueTracks = rows.reduce((sum, row) => sum + table.isTrue[row], 0);
    const fakes = rows.length - trueTracks;
    if (trueTracks === 0 || fakes === 0) {
      skipped.push(`${name}: ${trueTracks} true tracks, ${fakes} fakes`);
      continue;
    }
    const curveOf = (values: Float32Array): ScoreCurve => {
      const curve = rocCurve(
        Float32Array.from(rows, (row) => values[row]),
        Uint8Array.from(rows, (row) => table.isTrue[row]),
      );
      return { curve, area: areaUnderRoc(curve) };
    };
    const trees = table.treeScores === null ? null : curveOf(table.treeScores);
    results.push({ name, rows, trueTracks, fakes, network: curveOf(scores), trees });
  }
  return { results, skipped };
}

/** Part of the true tracks that pass when at most this part of the fakes does. */
export function efficiencyAtFakeRate({ curve }: ScoreCurve, fakeRate: number): number {
  return workingPointAtBackground(curve, fakeRate).signalEfficiency;
}

/** Part of the fakes that pass the tightest cut that keeps at least this part of the true tracks. */
export function fakeRateAtEfficiency({ curve }: ScoreCurve, efficiency: number): number {
  return workingPointAtSignal(curve, efficiency).backgroundEfficiency;
}

/** Parts of the fakes and of the true tracks with a score at or above a cut. */
export function passingCut(
  { curve }: ScoreCurve,
  cut: number,
): { readonly fakeRate: number; readonly efficiency: number } {
  const { thresholds, signalEfficiency, backgroundEfficiency } = curve;
  const last = thresholds.findLastIndex((threshold) => threshold >= cut);
  return { fakeRate: backgroundEfficiency[last], efficiency: signalEfficiency[last] };
}
