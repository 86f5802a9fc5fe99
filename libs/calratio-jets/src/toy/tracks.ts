import type { Generator } from '@hep/datasets';
import type { ObjectBlock } from './objects.ts';
import { laplace, orientEta, Shares } from './objects.ts';
import type { ToyJet } from './toy-jet.ts';
import { LARGEST_PT_GEV } from './toy-jet.ts';

/** The unit of z0 in a training file, in mm. */
const Z0_UNIT_MM = 250;

/**
 * Tracks, 0 to 20, by falling pT, angles relative to the jet.
 * - number: Poisson, mean 4 + 3 ln(pT / 40 GeV) for a jet from the collision, 1.2 for one that starts deep in the
 *   calorimeter or comes from the beam's halo: there they are of other collisions (pile-up);
 * - tracks of the jet share 60 % of its pT, are collimated and come from its vertex; those of other collisions have
 *   1 GeV on average, fill the cone, are often without vertex (-1 particles) and have impact parameters of millimetres.
 */
export class TrackModel {
  private readonly shares = new Shares();

  constructor(private readonly block: ObjectBlock) {}

  /** Fills the block; returns the number of tracks. */
  draw(random: Generator, jet: ToyJet): number {
    const { count: largest } = this.block.kind;
    const own = (1 - jet.depth) * (1 - jet.halo);
    const mean = own * (4 + 3 * Math.log(jet.ptGeV / 40)) + (1 - own) * 1.2;
    const count = Math.min(largest, random.poisson(mean * jet.response.trackRate));
    const isOwn = random.uniform() < own;
    const ptGeV = isOwn ? 0.6 * jet.ptGeV : count * random.exponential();
    const shares = this.shares.draw(random, count);
    const vertexZ = 45 * random.normal();
    const vertexParticles = 10 + random.poisson(60);
    for (let i = 0; i < count; i++) {
      this.fillDirection(random, i, (shares[i] * ptGeV) / LARGEST_PT_GEV, isOwn ? 0.04 : 0.15);
      this.fillOrigin(random, i, isOwn, vertexZ, vertexParticles);
      this.fillHits(random, i, isOwn);
    }
    orientEta(this.block, count);
    return count;
  }

  private fillDirection(random: Generator, index: number, scaledPt: number, spread: number): void {
    const { kind, values, at } = this.block;
    const row = index * kind.features.length;
    values[row + at.pt] = scaledPt;
    values[row + at.eta] = within(spread * laplace(random));
    values[row + at.phi] = within(spread * laplace(random));
  }

  private fillOrigin(random: Generator, index: number, isOwn: boolean, z: number, particles: number): void {
    const { kind, values, at } = this.block;
    const row = index * kind.features.length;
    const hasVertex = random.uniform() < (isOwn ? 0.9 : 0.4);
    values[row + at.vertex_nParticles] = hasVertex ? particles : -1;
    values[row + at.d0] = hasVertex ? 0.05 * laplace(random) : 2 * laplace(random);
    values[row + at.z0] = (hasVertex ? z + 0.2 * laplace(random) : 60 * random.normal()) / Z0_UNIT_MM;
    values[row + at.chiSquared] = 10 + 25 * random.exponential();
  }

  private fillHits(random: Generator, index: number, isOwn: boolean): void {
    const { kind, values, at } = this.block;
    const row = index * kind.features.length;
    values[row + at.PixelHits] = Math.max(0, Math.round((isOwn ? 4 : 2.5) + random.normal()));
    values[row + at.SCTHits] = Math.max(0, Math.round(8 + 1.2 * random.normal()));
    values[row + at.PixelShared] = rare(random, 0.03);
    values[row + at.SCTShared] = rare(random, 0.3);
    values[row + at.PixelHoles] = rare(random, 0.05);
    values[row + at.SCTHoles] = rare(random, 0.15);
  }
}

/** Keeps an angle inside the jet's square of 0.28, which lies in the cone of 0.4. */
function within(angle: number): number {
  return Math.max(-0.28, Math.min(0.28, angle));
}

function rare(random: Generator, probability: number): number {
  return random.uniform() < probability ? 1 : 0;
}
