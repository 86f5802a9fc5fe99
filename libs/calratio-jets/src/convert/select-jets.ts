import { deltaR } from '../angles.ts';
import type { DataType } from './branches.ts';
import type { Collection, Events, PlainNumbers } from './events.ts';
import { IndexList } from './index-list.ts';

/** Largest |eta| of a good jet. */
const LARGEST_JET_ETA = 2.5;
/** Largest distance of a jet from the long-lived particle that made it. */
const LARGEST_MATCH = 0.4;

/** Good jets have min <= pt < max. */
export interface JetCuts {
  readonly minJetPtGeV: number;
  readonly maxJetPtGeV: number;
}

/** Jets that become rows, by event. All [rows]. */
export interface SelectedJets {
  readonly event: Int32Array;
  /** Position in the collection of all jets. */
  readonly jet: Int32Array;
  /** Position of the matched particle in the collection of all particles; empty but for signal. */
  readonly particle: Int32Array;
}

/**
 * Jets that become rows. Multijets: all good ones by falling pt. Signal: for each particle that decays in the
 * calorimeter the nearest good jet, if nearer than 0.4; a jet of two particles is there twice. Beam background: for
 * each jet of the trigger that is marked as such the nearest good jet.
 */
export function selectJets(events: Events, dataType: DataType, cuts: JetCuts): SelectedJets {
  const rows = { event: new IndexList(), jet: new IndexList(), particle: new IndexList() };
  const good = new GoodJets(events.collection('jet'), cuts);
  const seeds = seedsOf(events, dataType);
  for (let event = 0; event < events.count; event++) {
    const jets = good.of(event);
    if (jets.length === 0) continue;
    if (seeds === undefined) {
      for (const jet of jets) {
        rows.event.push(event);
        rows.jet.push(jet);
      }
      continue;
    }
    for (let seed = seeds.offsets[event]; seed < seeds.offsets[event + 1]; seed++) {
      if (!seeds.counts(seed)) continue;
      const jet = good.nearest(jets, seeds.eta[seed], seeds.phi[seed], seeds.farthest);
      if (jet < 0) continue;
      rows.event.push(event);
      rows.jet.push(jet);
      if (dataType === 'sig') rows.particle.push(seed);
    }
  }
  return { event: rows.event.view(), jet: rows.jet.view(), particle: rows.particle.view() };
}

/** Directions to which jets are matched. */
interface Seeds {
  readonly offsets: Uint32Array;
  readonly eta: PlainNumbers;
  readonly phi: PlainNumbers;
  readonly counts: (seed: number) => boolean;
  readonly farthest: number;
}

function seedsOf(events: Events, dataType: DataType): Seeds | undefined {
  switch (dataType) {
    case 'qcd':
      return undefined;
    case 'sig':
      return seedsIn(events.collection('llp'), decaysInCalorimeter(events.collection('llp')), LARGEST_MATCH);
    case 'bib': {
      const triggerJets = events.collection('HLT_jet');
      const isBib = plain(triggerJets, 'isBIB');
      return seedsIn(triggerJets, (seed) => isBib[seed] === 1, Infinity);
    }
  }
}

function seedsIn(collection: Collection, counts: Seeds['counts'], farthest: number): Seeds {
  const [eta, phi] = [plain(collection, 'eta'), plain(collection, 'phi')];
  return { offsets: collection.offsets, eta, phi, counts, farthest };
}

/** Decay lengths in mm: barrel 1200 < Lxy < 4000, endcaps 3500 < |Lz| < 6000; |eta| of exactly 1.4 is in neither. */
function decaysInCalorimeter(particles: Collection): (particle: number) => boolean {
  const [eta, lxy, lz] = ['eta', 'Lxy', 'Lz'].map((feature) => plain(particles, feature));
  return (particle) => {
    const absoluteEta = Math.abs(eta[particle]);
    const absoluteLz = Math.abs(lz[particle]);
    const inBarrel = absoluteEta < 1.4 && lxy[particle] > 1200 && lxy[particle] < 4000;
    return inBarrel || (absoluteEta > 1.4 && absoluteLz > 3500 && absoluteLz < 6000);
  };
}

/** Good jets of an event by falling pt, equal ones in the order of the file. */
class GoodJets {
  private readonly pt: PlainNumbers;
  private readonly eta: PlainNumbers;
  private readonly phi: PlainNumbers;
  private found = new Int32Array(64);

  constructor(
    private readonly jets: Collection,
    private readonly cuts: JetCuts,
  ) {
    [this.pt, this.eta, this.phi] = ['pt', 'eta', 'phi'].map((feature) => plain(jets, feature));
  }

  /** Valid until the next event. */
  of(event: number): Int32Array {
    const { pt, eta } = this;
    const { minJetPtGeV, maxJetPtGeV } = this.cuts;
    const [start, end] = [this.jets.offsets[event], this.jets.offsets[event + 1]];
    if (this.found.length < end - start) this.found = new Int32Array(2 * (end - start));
    let count = 0;
    for (let jet = start; jet < end; jet++) {
      const isGood = pt[jet] >= minJetPtGeV && pt[jet] < maxJetPtGeV && Math.abs(eta[jet]) <= LARGEST_JET_ETA;
      if (isGood) this.found[count++] = jet;
    }
    return this.found.subarray(0, count).sort((a, b) => pt[b] - pt[a] || a - b);
  }

  /** The jet nearest to a direction; -1 if none is as near as `farthest`. */
  nearest(jets: Int32Array, eta: number, phi: number, farthest: number): number {
    let nearest = -1;
    let least = Infinity;
    for (const jet of jets) {
      const distance = deltaR(this.eta[jet], this.phi[jet], eta, phi);
      if (distance < least) [least, nearest] = [distance, jet];
    }
    return least <= farthest ? nearest : -1;
  }
}

/** Values of a feature that is calculated with. */
export function plain({ features }: Collection, feature: string): PlainNumbers {
  return features.get(feature) as PlainNumbers;
}
