import type { Generator } from '@hep/datasets';
import type { ObjectBlock } from './objects.ts';
import { haloTime, laplace, orientEta, Shares } from './objects.ts';
import type { ToyJet } from './toy-jet.ts';
import { LARGEST_PT_GEV } from './toy-jet.ts';

/** Mean shares of the layers in an electromagnetic and in a hadronic cluster. */
const ECAL_SHARES = [0.08, 0.22, 0.64, 0.06];
const HCAL_SHARES = [0.3, 0.45, 0.2, 0.05];

/**
 * Calorimeter clusters, 1 to 30, by falling pT, angles relative to the leading one, energies of the layers as
 * fractions of their sum.
 * - number: Poisson, mean 14 for a jet from the collision, 8 for one deep in the calorimeter, 5 of the beam's halo;
 * - a cluster is electromagnetic with probability 0.8 - 0.7 depth (0.35 in the halo); up to 30 % of its energy is of
 *   the other kind, and each layer fluctuates exponentially;
 * - time: resolution 0.4 ns + 0.02 ns / sqrt(scaled pT), a delay of mean 2 ns times depth for decays of slow
 *   particles, and in the halo the time of a muon parallel to the beam.
 */
export class ClusterModel {
  private readonly shares = new Shares();
  private readonly layers: readonly (readonly [ecal: number, hcal: number])[];

  constructor(private readonly block: ObjectBlock) {
    const { at } = block;
    this.layers = [1, 2, 3, 4].map((layer) => [at[`l${layer}ecal`], at[`l${layer}hcal`]] as const);
  }

  /** Fills the block; returns the number of clusters. */
  draw(random: Generator, jet: ToyJet): number {
    const { kind, values, at } = this.block;
    const width = kind.features.length;
    const mean = (14 - 6 * jet.depth) * (1 - jet.halo) + 5 * jet.halo;
    const count = Math.min(kind.count, 1 + random.poisson(mean - 1));
    const shares = this.shares.draw(random, count);
    const spread = 0.1 - 0.05 * jet.depth;
    const [leadingEta, leadingPhi] = [spread * laplace(random), spread * laplace(random)];
    for (let i = 0, row = 0; i < count; i++, row += width) {
      values[row + at.pt] = (shares[i] * jet.ptGeV) / LARGEST_PT_GEV;
      values[row + at.eta] = i === 0 ? 0 : spread * laplace(random) - leadingEta;
      values[row + at.phi] = i === 0 ? 0 : spread * laplace(random) - leadingPhi;
      values[row + at.time] = this.time(random, jet, values[row + at.pt]);
      this.fillLayers(random, jet, row);
    }
    orientEta(this.block, count);
    return count;
  }

  private time(random: Generator, jet: ToyJet, scaledPt: number): number {
    const { depth, response } = jet;
    const resolution = Math.hypot(0.4 + 0.02 / Math.sqrt(scaledPt + 1e-4), response.timeSmearNs);
    const jitter = response.timeShiftNs + resolution * random.normal();
    if (random.uniform() < jet.halo) return haloTime(1.5 + 2 * random.uniform(), jet.eta, jet.side) + jitter;
    return 2 * depth * random.exponential() + jitter;
  }

  private fillLayers(random: Generator, jet: ToyJet, row: number): void {
    const { values } = this.block;
    const electromagnetic = (0.8 - 0.7 * jet.depth) * (1 - jet.halo) + 0.35 * jet.halo;
    const foreign = 0.3 * random.uniform() ** 2;
    const ecal = random.uniform() < electromagnetic ? 1 - foreign : foreign;
    const hcal = (1 - ecal) * jet.response.hadronicScale;
    let sum = 0;
    for (let layer = 0; layer < 4; layer++) {
      const [ecalAt, hcalAt] = this.layers[layer];
      values[row + ecalAt] = ecal * ECAL_SHARES[layer] * random.exponential();
      values[row + hcalAt] = hcal * HCAL_SHARES[layer] * random.exponential();
      sum += values[row + ecalAt] + values[row + hcalAt];
    }
    for (const [ecalAt, hcalAt] of this.layers) {
      values[row + ecalAt] /= sum;
      values[row + hcalAt] /= sum;
    }
  }
}
