import type { Generator } from '@hep/datasets';
import type { ObjectBlock } from './objects.ts';
import { haloTime, laplace } from './objects.ts';
import type { ToyJet } from './toy-jet.ts';

/**
 * Muon segments, 0 to 30; position and azimuth relative to the jet, `etaDir` absolute.
 * - number: Poisson, mean 0.4 for a jet from the collision, 2 more for one deep in the calorimeter (punch-through),
 *   6 of the beam's halo;
 * - segments behind a jet point back to the collision; those of the halo are parallel to the beam (|eta| 3 and more),
 *   aligned in azimuth, spread in eta and as early as a muon outside the calorimeter, r = 5 to 10 m.
 */
export class SegmentModel {
  constructor(private readonly block: ObjectBlock) {}

  /** Fills the block; returns the number of segments. */
  draw(random: Generator, jet: ToyJet): number {
    const mean = (0.4 + 2 * jet.depth) * (1 - jet.halo) + 6 * jet.halo;
    const count = Math.min(this.block.kind.count, random.poisson(mean));
    for (let i = 0; i < count; i++) {
      if (random.uniform() < jet.halo) this.fillHalo(random, i, jet);
      else this.fillPointing(random, i, jet);
    }
    return count;
  }

  private fillPointing(random: Generator, index: number, jet: ToyJet): void {
    const { kind, values, at } = this.block;
    const row = index * kind.features.length;
    const [eta, phi] = [0.15 * laplace(random), 0.08 * laplace(random)];
    values[row + at.etaPos] = eta;
    values[row + at.phiPos] = phi;
    values[row + at.etaDir] = jet.eta + eta + 0.1 * laplace(random);
    values[row + at.phiDir] = phi + 0.05 * laplace(random);
    values[row + at.chiSquared] = 8 * random.exponential();
    values[row + at.t0] = 4 * random.normal() + jet.response.timeShiftNs;
  }

  private fillHalo(random: Generator, index: number, jet: ToyJet): void {
    const { kind, values, at } = this.block;
    const row = index * kind.features.length;
    const [eta, phi] = [0.8 * random.normal(), 0.02 * random.normal()];
    values[row + at.etaPos] = eta;
    values[row + at.phiPos] = phi;
    values[row + at.etaDir] = jet.side * (3 + 0.7 * random.exponential());
    values[row + at.phiDir] = phi + 0.01 * random.normal();
    values[row + at.chiSquared] = 15 * random.exponential();
    const arrival = haloTime(5 + 5 * random.uniform(), jet.eta + eta, jet.side);
    values[row + at.t0] = Math.max(-60, arrival) + 3 * random.normal();
  }
}
