/**
 * Columns of a training file, one row for each jet: numbers of the jet, then features of its clusters, tracks and muon
 * segments, column `<prefix>_<feature>_<i>` for object i by falling pT (segments: in the order of the ntuple).
 */

/** A kind of object that belongs to a jet. */
export interface ObjectKind {
  /** Name of the network's input. */
  readonly input: 'constit' | 'track' | 'MSeg';
  readonly prefix: 'clus' | 'track' | 'MSeg';
  /** Objects in a row; absent ones are zero. */
  readonly count: number;
  /** Features in the order of the file. */
  readonly features: readonly string[];
  /** Features that the network does not see. */
  readonly unused: readonly string[];
}

const CLUSTER_FEATURES = [
  ...['pt', 'eta', 'phi', 'l1hcal', 'l1ecal', 'l2hcal', 'l2ecal', 'l3hcal', 'l3ecal', 'l4ecal', 'l4hcal'],
  'time',
];
const TRACK_FEATURES = [
  ...['pt', 'eta', 'phi', 'vertex_nParticles', 'd0', 'z0', 'chiSquared', 'PixelShared', 'SCTShared'],
  ...['PixelHoles', 'SCTHoles', 'PixelHits', 'SCTHits'],
];
const SEGMENT_FEATURES = ['etaPos', 'phiPos', 'etaDir', 'phiDir', 'chiSquared', 't0'];

/** Clusters, tracks and muon segments, in the order of file and network. */
export const OBJECT_KINDS: readonly ObjectKind[] = [
  { input: 'constit', prefix: 'clus', count: 30, features: CLUSTER_FEATURES, unused: [] },
  {
    input: 'track',
    prefix: 'track',
    count: 20,
    features: TRACK_FEATURES,
    unused: ['PixelShared', 'PixelHoles', 'PixelHits'],
  },
  { input: 'MSeg', prefix: 'MSeg', count: 30, features: SEGMENT_FEATURES, unused: [] },
];

/** Name of a column of an object. */
export function objectColumn({ prefix }: ObjectKind, feature: string, index: number): string {
  return `${prefix}_${feature}_${index}`;
}

/** Columns of an object kind in the order of a training file. */
export function objectColumns(kind: ObjectKind): string[] {
  return Array.from({ length: kind.count }, (_, index) =>
    kind.features.map((feature) => objectColumn(kind, feature, index)),
  ).flat();
}

/** Numbers of a jet that its event and its simulated sample give. */
const EVENT_COLUMNS = ['label', 'eventNumber', 'mcEventWeight', 'runNumber', 'llp_mH', 'llp_mS'] as const;

/** Numbers of the jet itself, which are the network's input `jet`. */
export const JET_COLUMNS = ['jet_pt', 'jet_eta', 'jet_phi'] as const;

/** The long-lived particle that a signal jet belongs to; zero elsewhere. */
const PARTICLE_COLUMNS = ['llp_eta', 'llp_phi', 'llp_Lxy', 'llp_Lz', 'llp_pt'] as const;

/** All 814 columns of a training file in its order. */
export const TRAINING_COLUMNS: readonly string[] = [
  ...EVENT_COLUMNS,
  ...JET_COLUMNS,
  ...OBJECT_KINDS.flatMap(objectColumns),
  ...PARTICLE_COLUMNS,
];
