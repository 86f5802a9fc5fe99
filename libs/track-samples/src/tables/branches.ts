/** Branches of the tracking ntuple. */
import { TRACK_FEATURES } from '@hep/track-dnn';
import { suggestion, UserError } from '@hep/options';

/** Code of the iteration that found a track. */
export const ITERATION_BRANCH = 'trk_originalAlgo';
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

/** Branches without which a file cannot train: the inputs of the network, iteration and truth. */
export const NEEDED_BRANCHES = [...TRACK_FEATURES.map(({ name }) => name), ITERATION_BRANCH, TRUTH_BRANCH];

/**
 * The branches of a file that are read: those needed, and of the others those that are there.
 * @throws UserError that lists all missing branches, each with the nearest name that is there
 */
export function branchesToRead(path: string, present: readonly string[]): string[] {
  const missing = NEEDED_BRANCHES.filter((name) => !present.includes(name));
  if (missing.length > 0) {
    const listed = missing.map((name) => `${name}${nearest(name, present)}`).join(', ');
    throw new UserError(
      `${path}: ${missing.length} of ${NEEDED_BRANCHES.length} branches missing: ${listed}; choose the tree, or write them`,
    );
  }
  const more = present.includes('event') ? [TREE_SCORE_BRANCH, ...EVENT_BRANCHES] : [TREE_SCORE_BRANCH];
  return [...NEEDED_BRANCHES, ...more.filter((name) => present.includes(name))];
}

function nearest(name: string, present: readonly string[]): string {
  const hint = suggestion(name, present);
  return hint === '' ? '' : ` (${hint.replace(/^; /, '').replace(/\?$/, '')}?)`;
}
