/** One synthetic track. */
import type { Generator } from '@hep/datasets/random';
import type { TRACK_BRANCHES } from '../tables/branches.ts';
import { ITERATION_PROFILES } from './iteration-profiles.ts';
import type { IterationProfile } from './iteration-profiles.ts';

/** The 37 branches of toy tracks, a number of each track; GeV, cm. */
export type ToyColumns = Record<(typeof TRACK_BRANCHES)[number], Float32Array>;

/**
 * Draws a track into a row of columns: iteration, truth, momentum, hits, fit. Fakes have worse fits, more lost hits, wider
 * impact parameters and larger errors. The score `trk_mva` sees fit and lost hits alone, and with noise: a network can do
 * better.
 */
export function drawToyTrack(columns: ToyColumns, row: number, generator: Generator): void {
  const profile = drawnProfile(generator);
  const isTrue = generator.uniform() < profile.trueFraction;
  columns.trk_originalAlgo[row] = profile.code;
  columns.trk_isTrue[row] = isTrue ? 1 : 0;
  const { pt, eta } = drawMomentum(columns, row, profile, isTrue, generator);
  const { degreesOfFreedom, lostLayers } = drawHits(columns, row, profile, isTrue, generator);
  const chi2 = drawFit(columns, row, { profile, isTrue, pt, eta, degreesOfFreedom }, generator);
  columns.trk_mva[row] = Math.tanh(1.8 - 1.3 * chi2 - 0.6 * lostLayers + 0.6 * generator.normal());
}

function drawnProfile(generator: Generator): IterationProfile {
  let place = generator.uniform();
  for (const profile of ITERATION_PROFILES) {
    place -= profile.share;
    if (place < 0) return profile;
  }
  return ITERATION_PROFILES[0];
}

function drawMomentum(
  columns: ToyColumns,
  row: number,
  { ptFloor, ptExcess }: IterationProfile,
  isTrue: boolean,
  generator: Generator,
) {
  const pt = ptFloor + ptExcess * generator.exponential() * (isTrue ? 1 : 0.7);
  const eta = 2.8 * Math.tanh((isTrue ? 0.7 : 1.1) * generator.normal());
  const phi = Math.PI * (2 * generator.uniform() - 1);
  const bend = (0.3 * (generator.uniform() < 0.5 ? -1 : 1)) / Math.max(pt, 0.3);
  const innerPt = pt * (1 + 0.002 * generator.normal());
  const outerPt = pt * (1 - (isTrue ? 0.01 : 0.015) * generator.exponential());
  columns.trk_pt[row] = pt;
  columns.trk_eta[row] = eta;
  columns.trk_phi[row] = phi;
  columns.trk_inner_pt[row] = innerPt;
  columns.trk_outer_pt[row] = outerPt;
  const slope = Math.sinh(eta);
  setVector(columns.trk_px, columns.trk_py, columns.trk_pz, row, pt, phi, slope);
  const innerPhi = phi + 0.05 * bend;
  setVector(columns.trk_inner_px, columns.trk_inner_py, columns.trk_inner_pz, row, innerPt, innerPhi, slope);
  const outerPhi = phi + bend;
  setVector(columns.trk_outer_px, columns.trk_outer_py, columns.trk_outer_pz, row, outerPt, outerPhi, slope);
  return { pt, eta };
}

/** @param slope pz / pT */
function setVector(
  px: Float32Array,
  py: Float32Array,
  pz: Float32Array,
  row: number,
  pt: number,
  phi: number,
  slope: number,
): void {
  px[row] = pt * Math.cos(phi);
  py[row] = pt * Math.sin(phi);
  pz[row] = pt * slope;
}

function drawHits(
  columns: ToyColumns,
  row: number,
  { pixelHits, stripHits }: IterationProfile,
  isTrue: boolean,
  generator: Generator,
) {
  const pixel = Math.round(Math.max(0, pixelHits + 0.5 * generator.normal()));
  const strip = Math.max(3, generator.poisson(isTrue ? stripHits : 0.85 * stripHits));
  const degreesOfFreedom = 2 * pixel + strip - 5 + 2;
  const lostLayers = generator.poisson(isTrue ? 0.15 : 0.45);
  columns.trk_nPixel[row] = pixel;
  columns.trk_nStrip[row] = strip;
  columns.trk_nCluster[row] = pixel + strip;
  columns.trk_ndof[row] = degreesOfFreedom;
  columns.trk_nLostLay[row] = lostLayers;
  columns.trk_nInnerLost[row] = generator.poisson(isTrue ? 0.05 : 0.15);
  columns.trk_nOuterLost[row] = generator.poisson(isTrue ? 0.4 : 0.7);
  columns.trk_nInnerInactive[row] = generator.poisson(0.1);
  columns.trk_nOuterInactive[row] = generator.poisson(0.2);
  return { degreesOfFreedom, lostLayers };
}

/** What the fit of a track depends on. */
interface FittedTrack {
  readonly profile: IterationProfile;
  readonly isTrue: boolean;
  readonly pt: number;
  readonly eta: number;
  readonly degreesOfFreedom: number;
}

/** @returns chi squared by degree of freedom */
function drawFit(
  columns: ToyColumns,
  row: number,
  { profile: { displacement }, isTrue, pt, eta, degreesOfFreedom }: FittedTrack,
  generator: Generator,
): number {
  const scale = (width: number) => Math.exp(width * generator.normal());
  const chi2 = (isTrue ? 0.9 : 1.4) * scale(0.2 + 1 / Math.sqrt(degreesOfFreedom + 4));
  // All errors of a track are large or small together.
  const blur = (isTrue ? 1 : 1.4) * (1 + 0.2 * eta ** 2) * scale(0.5);
  const dxyErr = 0.004 * (1 + 1.5 / pt) * blur * scale(0.3);
  const dzErr = 0.007 * (1 + 1.5 / pt) * blur * scale(0.3);
  const spread = displacement * (isTrue ? 1 : 1.8);
  const dxy = spread * generator.normal() * generator.exponential() + dxyErr * generator.normal();
  const dz = 1.5 * spread * generator.normal() * generator.exponential() + dzErr * generator.normal();
  columns.trk_nChi2[row] = chi2;
  columns.trk_nChi2_1Dmod[row] = chi2 * (1 + 0.1 * generator.uniform());
  columns.trk_ptErr[row] = pt * (0.008 + 0.0002 * pt) * blur * scale(0.4);
  columns.trk_etaErr[row] = 0.0005 * blur * scale(0.3);
  columns.trk_phiErr[row] = 0.0006 * (1 + 1 / pt) * blur * scale(0.3);
  columns.trk_dxy[row] = dxy + 0.02 * generator.normal();
  columns.trk_dxyErr[row] = dxyErr;
  columns.trk_dxyClosestPV[row] = dxy;
  columns.trk_dz[row] = dz + 3.5 * generator.normal();
  columns.trk_dzErr[row] = dzErr;
  columns.trk_dzClosestPV[row] = dz;
  return chi2;
}
