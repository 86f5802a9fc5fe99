/** What toy tracks of an iteration look like. */
export interface IterationProfile {
  /** Value of `trk_originalAlgo`. */
  readonly code: number;
  /** Part of all tracks. */
  readonly share: number;
  /** Part of them that is true. */
  readonly trueFraction: number;
  /** Least transverse momentum and mean excess over it, GeV. */
  readonly ptFloor: number;
  readonly ptExcess: number;
  /** Scale of the impact parameters of true tracks, cm. */
  readonly displacement: number;
  /** Mean hits in the pixel and the strip detector. */
  readonly pixelHits: number;
  readonly stripHits: number;
}

type Row = readonly [number, number, number, number, number, number, number, number];

const rows: readonly Row[] = [
  // code, share, true, least pT, excess, displacement, pixel hits, strip hits
  [4, 0.3, 0.95, 0.6, 1.5, 0.01, 4, 10],
  [23, 0.14, 0.85, 0.15, 0.5, 0.02, 4, 7],
  [22, 0.08, 0.75, 0.9, 2.5, 0.02, 3.3, 11],
  [5, 0.1, 0.6, 0.2, 0.5, 0.03, 3, 8],
  [24, 0.08, 0.7, 0.3, 0.9, 0.6, 4, 9],
  [7, 0.09, 0.5, 0.3, 0.9, 1, 3, 9],
  [6, 0.05, 0.4, 0.6, 1.6, 0.04, 2, 10],
  [8, 0.05, 0.4, 0.5, 1.2, 2.5, 1.8, 10],
  [9, 0.05, 0.35, 0.5, 1.2, 5, 0.3, 9],
  [10, 0.03, 0.25, 0.6, 1.6, 12, 0.1, 8],
  [11, 0.03, 0.6, 10, 35, 0.03, 3, 11],
];

/** Profiles of the phase-1 iterations; the shares add up to 1. */
export const ITERATION_PROFILES: readonly IterationProfile[] = rows.map(
  ([code, share, trueFraction, ptFloor, ptExcess, displacement, pixelHits, stripHits]) => ({
    code,
    share,
    trueFraction,
    ptFloor,
    ptExcess,
    displacement,
    pixelHits,
    stripHits,
  }),
);
