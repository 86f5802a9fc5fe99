/**
 * Synthetic jets in the form of a training file. Nothing here is tuned to data: round numbers that give jets of the
 * right kind, for demonstrations and tests. Scores on them must be labelled synthetic.
 *
 * Each jet has a depth at which it starts and a share of the beam's halo (`toy-jet.ts`); its clusters, tracks and muon
 * segments follow from these two (`clusters.ts`, `tracks.ts`, `segments.ts`). Depths of multijets and signal overlap,
 * so that no network separates them fully. Recorded jets (beam background, data of the control region) have another
 * detector response than simulated ones: hadronic energies 30 % higher, 20 % fewer tracks, times 0.3 ns later and
 * smeared by 0.4 ns.
 */
import type { Generator } from '@hep/datasets';
import { createGenerator } from '@hep/datasets';
import type { ColumnTable, FlatColumn, Numbers } from '@hep/datasets/columns';
import { wrapAngle } from '../angles.ts';
import { OBJECT_KINDS, objectColumns, TRAINING_COLUMNS } from '../jet-columns.ts';
import { ClusterModel } from './clusters.ts';
import type { ObjectBlock } from './objects.ts';
import { objectBlock } from './objects.ts';
import { SegmentModel } from './segments.ts';
import type { ToyJet } from './toy-jet.ts';
import { drawControlJet, drawMainJet, LARGEST_PT_GEV } from './toy-jet.ts';
import { TrackModel } from './tracks.ts';

/** Which jets to generate; each depends on seed, sample and its number only. */
export interface ToyJetsRequest {
  readonly rows: number;
  readonly seed: number;
  /** Main sample (multijets 0, signal 1, beam background 2) or control region (simulated 0, recorded 2). */
  readonly sample: 'main' | 'control';
  /** Number of the first row. Default 0. */
  readonly firstRow?: number;
}

/** Made-up numbers of runs by label. */
const RUN_NUMBERS = [284_500, 310_000, 338_263];

/**
 * Generates jets: the columns of a training file, pT in units of 500 GeV, angles relative to jet or leading cluster,
 * energies of the layers as fractions. float32 but for `label` (int64), `eventNumber` (uint64), `runNumber` (uint32),
 * masses and the weight (float64).
 */
export function generateToyJets({ rows, seed, sample, firstRow = 0 }: ToyJetsRequest): ColumnTable {
  const columns = new Map(TRAINING_COLUMNS.map((name) => [name, emptyColumn(name, rows)] as const));
  const random = createGenerator(seed);
  const objects = objectModels(columns);
  const writeJet = jetWriter(columns);
  const drawJet = sample === 'main' ? drawMainJet : drawControlJet;
  for (let row = 0; row < rows; row++) {
    const number = firstRow + row;
    random.reset(seed, 2 * number + (sample === 'main' ? 0 : 1));
    const jet = drawJet(random);
    writeJet(row, number, jet, random);
    for (const { model, block, features } of objects) {
      const used = model.draw(random, jet) * block.kind.features.length;
      for (let i = 0; i < used; i++) features[i][row] = block.values[i];
    }
  }
  return { rows, columns };
}

function emptyColumn(name: string, rows: number): FlatColumn {
  return { kind: 'flat', values: emptyNumbers(name, rows) };
}

function emptyNumbers(name: string, rows: number): Numbers {
  switch (name) {
    case 'label':
      return new BigInt64Array(rows);
    case 'eventNumber':
      return new BigUint64Array(rows);
    case 'runNumber':
      return new Uint32Array(rows);
    case 'mcEventWeight':
    case 'llp_mH':
    case 'llp_mS':
      return new Float64Array(rows);
    default:
      return new Float32Array(rows);
  }
}

interface ObjectModel {
  draw(random: Generator, jet: ToyJet): number;
}

/** Models of all kinds of objects, each with the columns that it fills. */
function objectModels(columns: ReadonlyMap<string, FlatColumn>) {
  const models: Readonly<Record<string, new (block: ObjectBlock) => ObjectModel>> = {
    clus: ClusterModel,
    track: TrackModel,
    MSeg: SegmentModel,
  };
  return OBJECT_KINDS.map((kind) => {
    const block = objectBlock(kind);
    const features = objectColumns(kind).map((name) => numbersOf<Float32Array>(columns, name));
    return { model: new models[kind.prefix](block), block, features };
  });
}

function numbersOf<Values extends Numbers>(columns: ReadonlyMap<string, FlatColumn>, name: string): Values {
  return columns.get(name)!.values as Values;
}

/** Writes what a row says of event, jet and long-lived particle. */
function jetWriter(columns: ReadonlyMap<string, FlatColumn>) {
  const [label, event] = [
    numbersOf<BigInt64Array>(columns, 'label'),
    numbersOf<BigUint64Array>(columns, 'eventNumber'),
  ];
  const [run, weight, mH, mS] = ['runNumber', 'mcEventWeight', 'llp_mH', 'llp_mS'].map((name) =>
    numbersOf<Float64Array | Uint32Array>(columns, name),
  );
  const [pt, eta, phi] = ['jet_pt', 'jet_eta', 'jet_phi'].map((name) =>
    numbersOf<Float32Array>(columns, name),
  );
  const writeParticle = particleWriter(columns);
  return (row: number, number: number, jet: ToyJet, random: Generator): void => {
    label[row] = BigInt(jet.label);
    event[row] = BigInt(number + 1);
    run[row] = RUN_NUMBERS[jet.label];
    weight[row] = jet.mcEventWeight;
    mH[row] = jet.mH;
    mS[row] = jet.mS;
    pt[row] = jet.ptGeV / LARGEST_PT_GEV;
    eta[row] = jet.eta;
    phi[row] = jet.phi;
    if (jet.label === 1) writeParticle(row, jet, random);
  };
}

/** The long-lived particle of a signal jet: its direction smeared, decay length (mm) by the jet's depth. */
function particleWriter(columns: ReadonlyMap<string, FlatColumn>) {
  const [eta, phi, lxy, lz, pt] = ['eta', 'phi', 'Lxy', 'Lz', 'pt'].map((name) =>
    numbersOf<Float32Array>(columns, `llp_${name}`),
  );
  return (row: number, jet: ToyJet, random: Generator): void => {
    eta[row] = jet.eta + 0.03 * random.normal();
    phi[row] = wrapAngle(jet.phi + 0.03 * random.normal());
    const slope = Math.sinh(jet.eta);
    const isInBarrel = Math.abs(jet.eta) < 1.4;
    const length = isInBarrel ? 1250 + 2700 * jet.depth : (3550 + 2400 * jet.depth) / Math.abs(slope);
    lxy[row] = length;
    lz[row] = length * slope;
    pt[row] = jet.ptGeV * Math.exp(0.1 * random.normal());
  };
}
