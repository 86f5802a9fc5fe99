/**
 * From measured quantities to what the network sees: momenta scaled to the range of the jets, layer energies to
 * fractions, and each jet mirrored in eta so that most of its momentum lies on one side.
 */
import { OBJECT_KINDS, objectColumn } from '../jet-columns.ts';

/** Range of jet pT that is scaled to 0..1, and whether to repeat the reference where it errs. */
export interface Scaling {
  readonly minJetPtGeV: number;
  readonly maxJetPtGeV: number;
  /**
   * Clusters, whose pT is in MeV, are shifted by the least jet pT in GeV, and absent tracks become negative. Both differ
   * only if the least pT is not 0.
   */
  readonly referenceCompat?: boolean;
}

/** A column by name; all [rows]. */
export type JetNumbers = ReadonlyMap<string, Float64Array>;

/** Jets have more in GeV; scaled ones are around 1 at most. */
const LARGEST_SCALED_PT = 2;

/** What is likely of some jets by their pT, each [jets]: in GeV, or scaled by `preprocessJets`; undefined without jets. */
export function likelyScale(jetPt: ArrayLike<number>): 'GeV' | 'scaled' | undefined {
  const values = Array.from(jetPt);
  if (values.length === 0) return undefined;
  if (values.every((pt) => pt > LARGEST_SCALED_PT)) return 'GeV';
  return values.every((pt) => pt < LARGEST_SCALED_PT) ? 'scaled' : undefined;
}

const MEV_PER_GEV = 1000;
/** Longitudinal impact parameters are divided by this, in mm. */
const Z0_SCALE = 250;
const LAYERS = [1, 2, 3, 4].flatMap((layer) => [`l${layer}ecal`, `l${layer}hcal`]);
const [CLUSTERS, TRACKS] = OBJECT_KINDS;

/**
 * Preprocesses the jets of a table in place. A cluster without energy gets layer fractions of NaN, as 0/0 is.
 */
export function preprocessJets(jets: JetNumbers, scaling: Scaling): void {
  const { minJetPtGeV: min, maxJetPtGeV: max } = scaling;
  scale(jets.get('jet_pt')!, min, max - min, false);
  const shift = scaling.referenceCompat ? min : min * MEV_PER_GEV;
  mirrorEta(jets, CLUSTERS);
  for (const pt of columns(jets, CLUSTERS, 'pt')) {
    scale(pt, shift, (max - min) * MEV_PER_GEV, !scaling.referenceCompat);
  }
  layerFractions(jets);
  for (const pt of columns(jets, TRACKS, 'pt')) scale(pt, min, max - min, !scaling.referenceCompat);
  for (const z0 of columns(jets, TRACKS, 'z0')) scale(z0, 0, Z0_SCALE, false);
  mirrorEta(jets, TRACKS);
}

/** `(value - shift) / range`; with `keepsAbsent` an object that is not there keeps its pT of 0. */
function scale(values: Float64Array, shift: number, range: number, keepsAbsent: boolean): void {
  for (let row = 0; row < values.length; row++) {
    if (keepsAbsent && values[row] === 0) continue;
    values[row] = (values[row] - shift) / range;
  }
}

/** Changes the sign of every eta of a jet unless the sum of pT eta is positive or zero. */
function mirrorEta(jets: JetNumbers, kind: (typeof OBJECT_KINDS)[number]): void {
  const etas = columns(jets, kind, 'eta');
  const sums = new Float64Array(etas[0].length);
  columns(jets, kind, 'pt').forEach((pt, i) => {
    for (let row = 0; row < sums.length; row++) {
      const product = pt[row] * etas[i][row];
      if (!Number.isNaN(product)) sums[row] += product;
    }
  });
  for (const eta of etas) {
    for (let row = 0; row < sums.length; row++) if (!(sums[row] >= 0)) eta[row] = -eta[row];
  }
}

/** Energies of the eight layers over their sum; they may be negative, and so may the sum. */
function layerFractions(jets: JetNumbers): void {
  for (let i = 0; i < CLUSTERS.count; i++) {
    const layers = LAYERS.map((layer) => jets.get(objectColumn(CLUSTERS, layer, i))!);
    for (let row = 0; row < layers[0].length; row++) {
      let sum = 0;
      for (const layer of layers) if (!Number.isNaN(layer[row])) sum += layer[row];
      for (const layer of layers) layer[row] /= sum;
    }
  }
}

function columns(jets: JetNumbers, kind: (typeof OBJECT_KINDS)[number], feature: string): Float64Array[] {
  return Array.from({ length: kind.count }, (_, i) => jets.get(objectColumn(kind, feature, i))!);
}
