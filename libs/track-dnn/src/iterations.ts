/** Branch with the code of the iteration that found a track. */
export const ITERATION_BRANCH = 'trk_originalAlgo';

/** An iteration of CMS track finding. */
export interface TrackingIteration {
  readonly name: string;
  /** Value of that branch. */
  readonly code: number;
}

/** The iterations of the phase-1 detector, in the order in which they run. */
export const PHASE1_ITERATIONS: readonly TrackingIteration[] = [
  { name: 'InitialStep', code: 4 },
  { name: 'LowPtQuadStep', code: 23 },
  { name: 'HighPtTripletStep', code: 22 },
  { name: 'LowPtTripletStep', code: 5 },
  { name: 'DetachedQuadStep', code: 24 },
  { name: 'DetachedTripletStep', code: 7 },
  { name: 'PixelPairStep', code: 6 },
  { name: 'MixedTripletStep', code: 8 },
  { name: 'PixelLessStep', code: 9 },
  { name: 'TobTecStep', code: 10 },
  { name: 'JetCoreRegionalStep', code: 11 },
];

/** Length of the one-hot vector of an iteration: codes 0 to 24. */
export const ITERATION_CODES = 25;
