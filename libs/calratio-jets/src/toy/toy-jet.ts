import type { Generator } from '@hep/datasets';
import { wrapAngle } from '../angles.ts';

/** A jet of the toy before its clusters, tracks and muon segments are drawn. */
export interface ToyJet {
  /** 0 multijet simulation, 1 signal, 2 recorded data: beam background or, in the control region, multijets. */
  readonly label: 0 | 1 | 2;
  readonly ptGeV: number;
  readonly eta: number;
  readonly phi: number;
  readonly mcEventWeight: number;
  /** Where the jet starts: 0 at the collision, 1 deep in the hadronic calorimeter. */
  readonly depth: number;
  /** How much of it comes from a muon of the beam's halo, 0 to 1. */
  readonly halo: number;
  /** Direction in which that muon flies along the beam, 1 or -1. */
  readonly side: 1 | -1;
  /** Masses in GeV of the heavy scalar and of the long-lived one; 0 where there is none. */
  readonly mH: number;
  readonly mS: number;
  readonly response: DetectorResponse;
}

/** How the detector answers. The difference between data and simulation is what an adversary has to hide. */
export interface DetectorResponse {
  /** Energy scale of the hadronic layers. */
  readonly hadronicScale: number;
  /** Tracks that are found, relative to simulation. */
  readonly trackRate: number;
  readonly timeShiftNs: number;
  readonly timeSmearNs: number;
}

const SIMULATION: DetectorResponse = { hadronicScale: 1, trackRate: 1, timeShiftNs: 0, timeSmearNs: 0 };
const DATA: DetectorResponse = { hadronicScale: 1.3, trackRate: 0.8, timeShiftNs: 0.3, timeSmearNs: 0.4 };

/** Least pT of a jet in GeV. */
const LEAST_PT_GEV = 40;

/** Largest pT of a jet in GeV, also the unit of scaled pT. */
export const LARGEST_PT_GEV = 500;

/** Pairs (mH, mS) in GeV: three of a low-mass, three of a high-mass training. */
const SIGNAL_MASSES = [
  [60, 15],
  [125, 55],
  [200, 50],
  [400, 100],
  [600, 150],
  [1000, 275],
] as const;

const QCD_SHARE = 0.4;
const SIGNAL_SHARE = 0.4;
const CONTROL_DATA_SHARE = 0.5;
/** The larger, the better the depths of multijets (U^k) and signal (1 - U^k) are separated. */
const DEPTH_POWER = 8;

/** A jet of the main sample: multijet simulation (40 %), signal (40 %) or beam background (20 %). */
export function drawMainJet(random: Generator): ToyJet {
  const kind = random.uniform();
  if (kind < QCD_SHARE) return drawMultijet(random, false);
  return kind < QCD_SHARE + SIGNAL_SHARE ? drawSignal(random) : drawBeamBackground(random);
}

/** A multijet of the control region, simulated or recorded with equal odds. */
export function drawControlJet(random: Generator): ToyJet {
  return drawMultijet(random, random.uniform() < CONTROL_DATA_SHARE);
}

/**
 * Simulated jets fall as 1/pT and are weighted by (125 GeV / pT)^0.5; recorded ones fall as pT^-1.5, so that both
 * spectra agree once the weights are applied.
 */
function drawMultijet(random: Generator, isData: boolean): ToyJet {
  const ptGeV = isData ? powerLaw(random, 1.5) : powerLaw(random, 1);
  return {
    ...background(random, isData),
    ptGeV,
    eta: 4.8 * (random.uniform() - 0.5),
    mcEventWeight: isData ? 1 : Math.sqrt(125 / ptGeV),
    depth: random.uniform() ** DEPTH_POWER,
    halo: 0,
  };
}

function drawSignal(random: Generator): ToyJet {
  const [mH, mS] = SIGNAL_MASSES[random.integer(SIGNAL_MASSES.length)];
  const inBarrel = random.uniform() < 0.8;
  const ptGeV = LEAST_PT_GEV + (mH / 5) * random.exponential() * Math.exp(0.3 * random.normal());
  return {
    ...background(random, false),
    label: 1,
    ptGeV: ptGeV < LARGEST_PT_GEV ? ptGeV : powerLaw(random, 1),
    eta: sign(random) * (inBarrel ? 1.4 * random.uniform() : 1.4 + random.uniform()),
    mcEventWeight: 1,
    depth: 1 - random.uniform() ** DEPTH_POWER,
    halo: 0,
    mH,
    mS,
  };
}

/** Steeply falling, most of it in the plane of the accelerator: phi near 0 and pi. */
function drawBeamBackground(random: Generator): ToyJet {
  const isInPlane = random.uniform() < 0.6;
  const jet = background(random, true);
  return {
    ...jet,
    ptGeV: powerLaw(random, 2),
    eta: 4 * (random.uniform() - 0.5),
    phi: isInPlane ? wrapAngle((random.uniform() < 0.5 ? 0 : Math.PI) + 0.3 * random.normal()) : jet.phi,
    mcEventWeight: 1,
    depth: 0.2 + 0.7 * random.uniform(),
    halo: 1 - random.uniform() ** DEPTH_POWER,
  };
}

function background(random: Generator, isData: boolean) {
  return {
    label: isData ? (2 as const) : (0 as const),
    phi: Math.PI * (2 * random.uniform() - 1),
    side: sign(random),
    mH: 0,
    mS: 0,
    response: isData ? DATA : SIMULATION,
  };
}

/** pT in GeV by a density pT^-power between the limits. */
function powerLaw(random: Generator, power: number): number {
  const uniform = random.uniform();
  if (power === 1) return LEAST_PT_GEV * (LARGEST_PT_GEV / LEAST_PT_GEV) ** uniform;
  const [low, high] = [LEAST_PT_GEV ** (1 - power), LARGEST_PT_GEV ** (1 - power)];
  return (low + (high - low) * uniform) ** (1 / (1 - power));
}

function sign(random: Generator): 1 | -1 {
  return random.uniform() < 0.5 ? -1 : 1;
}
