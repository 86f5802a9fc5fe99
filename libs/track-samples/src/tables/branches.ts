/** Branches of the tracking ntuple. */
import { requireBranches, requireFilterColumns, rowFilter } from '@hep/datasets/columns';
import { ITERATION_BRANCH } from '@hep/track-dnn/variables';
import type { TrackFeature } from '@hep/track-dnn/variables';

/** Transverse momentum, GeV: weighs tracks and is what scores are shown against, whether the network reads it or not. */
export const MOMENTUM_BRANCH = 'trk_pt';
/** 1 for tracks that match a simulated particle, 0 for fakes. */
export const TRUTH_BRANCH = 'trk_isTrue';
/** Score of the decision trees, -1 to 1. */
export const TREE_SCORE_BRANCH = 'trk_mva';
/** What tells events apart, the last one first needed: a file without `event` has none of them. */
export const EVENT_BRANCHES = ['event', 'lumi', 'run'] as const;

/** The 37 branches of a track in the order of the reference's tables. */
export const TRACK_BRANCHES = [
  ...['trk_pt', 'trk_eta', 'trk_phi', 'trk_ptErr', 'trk_etaErr', 'trk_phiErr'],
  ...['trk_dxyClosestPV', 'trk_dzClosestPV', 'trk_nChi2', 'trk_nPixel', 'trk_nStrip', 'trk_ndof'],
  ...['trk_dxy', 'trk_dz', 'trk_dxyErr', 'trk_dzErr', 'trk_nLostLay', 'trk_nCluster'],
  ...[ITERATION_BRANCH, TREE_SCORE_BRANCH, TRUTH_BRANCH],
  ...['trk_nInnerInactive', 'trk_nOuterInactive', 'trk_nInnerLost', 'trk_nOuterLost', 'trk_nChi2_1Dmod'],
  ...['trk_px', 'trk_py', 'trk_pz', 'trk_inner_px', 'trk_inner_py', 'trk_inner_pz', 'trk_inner_pt'],
  ...['trk_outer_px', 'trk_outer_py', 'trk_outer_pz', 'trk_outer_pt'],
] as const;

/** Branches without which a file cannot train: the inputs of the network, momentum, iteration and truth. */
function neededBranches(features: readonly TrackFeature[]): string[] {
  const names = features.map(({ name }) => name);
  return [...new Set([...names, MOMENTUM_BRANCH, ITERATION_BRANCH, TRUTH_BRANCH])];
}

/**
 * The branches of a file that are read: those needed, those of a selection, and of the others those that are there.
 * @param select see `TableOptions`
 * @throws UserError that lists all missing branches, each with the nearest name that is there and nothing else's, and for
 * a selection that is not understood
 */
export function branchesToRead(
  path: string,
  present: readonly string[],
  features: readonly TrackFeature[],
  select?: string,
): string[] {
  const needed = neededBranches(features);
  requireBranches(path, present, needed, 'choose the tree, or write them');
  const filter = select === undefined ? undefined : rowFilter(select);
  if (filter !== undefined) requireFilterColumns(path, filter, present);
  const more = present.includes('event') ? [TREE_SCORE_BRANCH, ...EVENT_BRANCHES] : [TREE_SCORE_BRANCH];
  return [
    ...new Set([...needed, ...(filter?.columns ?? []), ...more.filter((name) => present.includes(name))]),
  ];
}
