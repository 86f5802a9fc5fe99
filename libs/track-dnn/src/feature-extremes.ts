/** Ranges of features that are known before it is known how they are transformed. */
import { TRACK_FEATURES } from './features.ts';
import type { FeatureRanges, TrackFeature } from './features.ts';

/** Extremes of raw features, one number for each: every transform's range follows from them. */
export interface FeatureExtremes {
  readonly smallest: readonly number[];
  readonly largest: readonly number[];
  /** Smallest absolute value. */
  readonly nearestToZero: readonly number[];
}

/** Extremes of all rows, from those of parts of them. */
export function joinExtremes(parts: readonly FeatureExtremes[]): FeatureExtremes {
  const over = (pick: (...values: number[]) => number, of: keyof FeatureExtremes) =>
    parts[0][of].map((_, feature) =>
      parts.reduce((found, part) => pick(found, part[of][feature]), parts[0][of][feature]),
    );
  return {
    smallest: over(Math.min, 'smallest'),
    largest: over(Math.max, 'largest'),
    nearestToZero: over(Math.min, 'nearestToZero'),
  };
}

/** Ranges of the features after their transforms, as `measureRanges` finds them. */
export function rangesOfExtremes(
  { smallest, largest, nearestToZero }: FeatureExtremes,
  features: readonly TrackFeature[] = TRACK_FEATURES,
): FeatureRanges {
  const ranges = features.map(({ abs, log1p }, i): readonly [number, number] => {
    const furthest = Math.max(Math.abs(smallest[i]), Math.abs(largest[i]));
    const [low, high] = abs ? [nearestToZero[i], furthest] : [smallest[i], largest[i]];
    return log1p ? [Math.log1p(low), Math.log1p(high)] : [low, high];
  });
  return { minimum: ranges.map(([low]) => low), maximum: ranges.map(([, high]) => high) };
}
