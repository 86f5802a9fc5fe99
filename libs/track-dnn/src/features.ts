import { UserError } from '@hep/options';

/** What happens to a feature before it is clipped: nothing, |x|, or log(1 + |x|). */
export type FeatureTransform = 'none' | 'absolute' | 'logAbsolute';

/** A track variable that the network reads. */
export interface TrackFeature {
  /** Branch of the tracking ntuple. */
  readonly name: string;
  readonly transform: FeatureTransform;
}

const named = (transform: FeatureTransform, names: readonly string[]): TrackFeature[] =>
  names.map((name) => ({ name, transform }));

/**
 * The 29 regular inputs. Their order is a contract with the program that fills them (CMSSW): momenta in GeV, lengths
 * in cm, raw and unscaled.
 */
export const TRACK_FEATURES: readonly TrackFeature[] = [
  ...named('logAbsolute', [
    'trk_pt',
    'trk_inner_px',
    'trk_inner_py',
    'trk_inner_pz',
    'trk_inner_pt',
    'trk_outer_px',
    'trk_outer_py',
    'trk_outer_pz',
    'trk_outer_pt',
    'trk_ptErr',
    'trk_dxyClosestPV',
    'trk_dzClosestPV',
    'trk_dxy',
    'trk_dz',
    'trk_dxyErr',
    'trk_dzErr',
    'trk_nChi2',
  ]),
  ...named('absolute', ['trk_eta', 'trk_phi']),
  ...named('none', [
    'trk_etaErr',
    'trk_phiErr',
    'trk_nPixel',
    'trk_nStrip',
    'trk_ndof',
    'trk_nInnerLost',
    'trk_nOuterLost',
    'trk_nInnerInactive',
    'trk_nOuterInactive',
    'trk_nLostLay',
  ]),
];

/** Smallest and largest value of each feature after its transform. */
export interface FeatureRanges {
  readonly minimum: readonly number[];
  readonly maximum: readonly number[];
}

const transforms: Readonly<Record<FeatureTransform, (x: number) => number>> = {
  none: (x) => x,
  absolute: Math.abs,
  logAbsolute: (x) => Math.log1p(Math.abs(x)),
};

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
    const { name, transform } = features[column];
    const value = transforms[transform](values[i]);
    if (!Number.isFinite(value)) {
      throw new UserError(
        `feature ${name}, track ${Math.floor(i / width)}: ${values[i]}, expected a finite number; remove such tracks`,
      );
    }
    minimum[column] = Math.min(minimum[column], value);
    maximum[column] = Math.max(maximum[column], value);
  }
  return { minimum, maximum };
}

/** Largest transverse momentum that still raises a track's weight, GeV. */
const HEAVIEST_PT = 50;

/** Training weights `log(1 + pt)` with pt cut to [0, 50] GeV. */
export function momentumWeights(ptGeV: ArrayLike<number>): Float32Array {
  return Float32Array.from(ptGeV, (pt) => Math.log1p(Math.min(Math.max(pt, 0), HEAVIEST_PT)));
}
