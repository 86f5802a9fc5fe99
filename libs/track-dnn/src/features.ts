import { UserError } from '@hep/options/user-error';

/** A track variable that the network reads, and what happens to it before it is clipped: first `abs`, then `log1p`. */
export interface TrackFeature {
  /** Branch of the tracking ntuple. */
  readonly name: string;
  /** Take |x|. */
  readonly abs: boolean;
  /** Take log(1 + x); without `abs` for variables that are greater than -1. */
  readonly log1p: boolean;
}

const named = (transforms: Omit<TrackFeature, 'name'>, names: readonly string[]): TrackFeature[] =>
  names.map((name) => ({ name, ...transforms }));

/**
 * The 29 regular inputs of the reference. Their order is a contract with the program that fills them (CMSSW): momenta in
 * GeV, lengths in cm, raw and unscaled.
 */
export const TRACK_FEATURES: readonly TrackFeature[] = [
  ...named({ abs: true, log1p: true }, [
    ...['trk_pt', 'trk_inner_px', 'trk_inner_py', 'trk_inner_pz', 'trk_inner_pt'],
    ...['trk_outer_px', 'trk_outer_py', 'trk_outer_pz', 'trk_outer_pt', 'trk_ptErr'],
    ...['trk_dxyClosestPV', 'trk_dzClosestPV', 'trk_dxy', 'trk_dz', 'trk_dxyErr', 'trk_dzErr', 'trk_nChi2'],
  ]),
  ...named({ abs: true, log1p: false }, ['trk_eta', 'trk_phi']),
  ...named({ abs: false, log1p: false }, [
    ...['trk_etaErr', 'trk_phiErr', 'trk_nPixel', 'trk_nStrip', 'trk_ndof'],
    ...['trk_nInnerLost', 'trk_nOuterLost', 'trk_nInnerInactive', 'trk_nOuterInactive', 'trk_nLostLay'],
  ]),
];

const describe = ({ name, abs, log1p }: TrackFeature) =>
  [name, ...(abs ? ['abs'] : []), ...(log1p ? ['log1p'] : [])].join(' ');

/**
 * Where two lists of features part, such as `input 3 is trk_eta abs, expected trk_phi abs`; null when they are the same,
 * order and transforms included.
 */
export function featureDifference(
  found: readonly TrackFeature[],
  expected: readonly TrackFeature[],
): string | null {
  for (let i = 0; i < Math.max(found.length, expected.length); i++) {
    const [own, wanted] = [found[i], expected[i]].map((feature) =>
      feature === undefined ? 'missing' : describe(feature),
    );
    if (own !== wanted) return `input ${i} is ${own}, expected ${wanted}`;
  }
  return null;
}

/** Smallest and largest value of each feature after its transform. */
export interface FeatureRanges {
  readonly minimum: readonly number[];
  readonly maximum: readonly number[];
}

function transformed(x: number, { abs, log1p }: TrackFeature): number {
  const size = abs ? Math.abs(x) : x;
  return log1p ? Math.log1p(size) : size;
}

/**
 * Ranges of the transformed features over the rows of a table.
 * @param values row by row, one number per feature
 * @throws UserError when there is no row or a value is not finite
 */
export function measureRanges(
  values: ArrayLike<number>,
  features: readonly TrackFeature[] = TRACK_FEATURES,
): FeatureRanges {
  const width = features.length;
  if (values.length < width) throw new UserError('feature ranges: no tracks; check files and selection');
  const minimum = features.map(() => Infinity);
  const maximum = features.map(() => -Infinity);
  for (let i = 0; i < values.length; i++) {
    const column = i % width;
    const feature = features[column];
    const value = transformed(values[i], feature);
    if (!Number.isFinite(value)) throw unusable(values[i], feature, Math.floor(i / width));
    minimum[column] = Math.min(minimum[column], value);
    maximum[column] = Math.max(maximum[column], value);
  }
  return { minimum, maximum };
}

function unusable(value: number, { name }: TrackFeature, track: number): UserError {
  const where = `feature ${name}, track ${track}: ${value}`;
  return new UserError(
    Number.isFinite(value)
      ? `${where}, expected more than -1 for log1p; give the feature abs, too`
      : `${where}, expected a finite number; remove such tracks`,
  );
}

/** Names of the features that never varied; the network reads -1 for them, whatever they are. */
export function constantFeatures(
  features: readonly TrackFeature[],
  { minimum, maximum }: FeatureRanges,
): string[] {
  return features.filter((_, i) => maximum[i] <= minimum[i]).map(({ name }) => name);
}

/** Largest transverse momentum that still raises a track's weight, GeV. */
const HEAVIEST_PT = 50;

/** Training weights `log(1 + pt)` with pt cut to [0, 50] GeV. */
export function momentumWeights(ptGeV: ArrayLike<number>): Float32Array {
  return Float32Array.from(ptGeV, (pt) => Math.log1p(Math.min(Math.max(pt, 0), HEAVIEST_PT)));
}
