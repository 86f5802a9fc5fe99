/** One synthetic track. */
import type { Generator } from '@hep/datasets/random';
import type { TRACK_BRANCHES } from '../tables/branches.ts';
import { ITERATION_PROFILES } from './iteration-profiles.ts';
import type { IterationProfile } from './iteration-profiles.ts';

/** The 37 branches of a track; GeV, cm. */
export type ToyTrack = Record<(typeof TRACK_BRANCHES)[number], number>;

/**
 * Draws a track: iteration, truth, momentum, hits, fit. Fakes have worse fits, more lost hits, wider impact parameters
 * and larger errors. The score `trk_mva` sees fit and lost hits alone, and with noise: a network can do better.
 */
export function toyTrack(generator: Generator): ToyTrack {
  const profile = drawnProfile(generator);
  const isTrue = generator.uniform() < profile.trueFraction;
  const momentum = drawnMomentum(profile, isTrue, generator);
  const hits = drawnHits(profile, isTrue, generator);
  const fit = drawnFit(profile, isTrue, momentum, hits, generator);
  return {
    ...momentum,
    ...hits,
    ...fit,
    trk_originalAlgo: profile.code,
    trk_isTrue: isTrue ? 1 : 0,
    trk_mva: Math.tanh(1.8 - 1.3 * fit.trk_nChi2 - 0.6 * hits.trk_nLostLay + 0.6 * generator.normal()),
  };
}

function drawnProfile(generator: Generator): IterationProfile {
  let place = generator.uniform();
  for (const profile of ITERATION_PROFILES) {
    place -= profile.share;
    if (place < 0) return profile;
  }
  return ITERATION_PROFILES[0];
}

function drawnMomentum({ ptFloor, ptExcess }: IterationProfile, isTrue: boolean, generator: Generator) {
  const pt = ptFloor + ptExcess * generator.exponential() * (isTrue ? 1 : 0.7);
  const eta = 2.8 * Math.tanh((isTrue ? 0.7 : 1.1) * generator.normal());
  const phi = Math.PI * (2 * generator.uniform() - 1);
  const bend = (0.3 * (generator.uniform() < 0.5 ? -1 : 1)) / Math.max(pt, 0.3);
  const inner = components(pt * (1 + 0.002 * generator.normal()), eta, phi + 0.05 * bend);
  const loss = isTrue ? 0.01 : 0.015;
  const outer = components(pt * (1 - loss * generator.exponential()), eta, phi + bend);
  const [trk_px, trk_py, trk_pz] = components(pt, eta, phi).vector;
  const [trk_inner_px, trk_inner_py, trk_inner_pz] = inner.vector;
  const [trk_outer_px, trk_outer_py, trk_outer_pz] = outer.vector;
  return {
    ...{ trk_pt: pt, trk_eta: eta, trk_phi: phi, trk_px, trk_py, trk_pz },
    ...{ trk_inner_px, trk_inner_py, trk_inner_pz, trk_inner_pt: inner.pt },
    ...{ trk_outer_px, trk_outer_py, trk_outer_pz, trk_outer_pt: outer.pt },
  };
}

function components(pt: number, eta: number, phi: number) {
  return { pt, vector: [pt * Math.cos(phi), pt * Math.sin(phi), pt * Math.sinh(eta)] as const };
}

function drawnHits({ pixelHits, stripHits }: IterationProfile, isTrue: boolean, generator: Generator) {
  const pixel = Math.round(Math.max(0, pixelHits + 0.5 * generator.normal()));
  const strip = Math.max(3, generator.poisson(isTrue ? stripHits : 0.85 * stripHits));
  return {
    trk_nPixel: pixel,
    trk_nStrip: strip,
    trk_nCluster: pixel + strip,
    trk_ndof: 2 * pixel + strip - 5 + 2,
    trk_nLostLay: generator.poisson(isTrue ? 0.15 : 0.45),
    trk_nInnerLost: generator.poisson(isTrue ? 0.05 : 0.15),
    trk_nOuterLost: generator.poisson(isTrue ? 0.4 : 0.7),
    trk_nInnerInactive: generator.poisson(0.1),
    trk_nOuterInactive: generator.poisson(0.2),
  };
}

function drawnFit(
  { displacement }: IterationProfile,
  isTrue: boolean,
  { trk_pt, trk_eta }: { readonly trk_pt: number; readonly trk_eta: number },
  { trk_ndof }: { readonly trk_ndof: number },
  generator: Generator,
) {
  const scale = (width: number) => Math.exp(width * generator.normal());
  const chi2 = (isTrue ? 0.9 : 1.4) * scale(0.2 + 1 / Math.sqrt(trk_ndof + 4));
  // All errors of a track are large or small together.
  const blur = (isTrue ? 1 : 1.4) * (1 + 0.2 * trk_eta ** 2) * scale(0.5);
  const dxyErr = 0.004 * (1 + 1.5 / trk_pt) * blur * scale(0.3);
  const dzErr = 0.007 * (1 + 1.5 / trk_pt) * blur * scale(0.3);
  const spread = displacement * (isTrue ? 1 : 1.8);
  const dxy = spread * generator.normal() * generator.exponential() + dxyErr * generator.normal();
  const dz = 1.5 * spread * generator.normal() * generator.exponential() + dzErr * generator.normal();
  return {
    trk_nChi2: chi2,
    trk_nChi2_1Dmod: chi2 * (1 + 0.1 * generator.uniform()),
    trk_ptErr: trk_pt * (0.008 + 0.0002 * trk_pt) * blur * scale(0.4),
    trk_etaErr: 0.0005 * blur * scale(0.3),
    trk_phiErr: 0.0006 * (1 + 1 / trk_pt) * blur * scale(0.3),
    ...{ trk_dxy: dxy + 0.02 * generator.normal(), trk_dxyErr: dxyErr, trk_dxyClosestPV: dxy },
    ...{ trk_dz: dz + 3.5 * generator.normal(), trk_dzErr: dzErr, trk_dzClosestPV: dz },
  };
}
