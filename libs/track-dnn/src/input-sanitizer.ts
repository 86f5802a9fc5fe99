import { tf } from '@hep/graph';
import { kerasLayer, onlyShape } from '@hep/nn';
import type { Layer } from '@hep/nn';
import { TRACK_FEATURES } from './features.ts';
import type { FeatureRanges, TrackFeature } from './features.ts';

/** Options of `inputSanitizer`. */
export interface InputSanitizerOptions {
  readonly name: string;
  readonly features: readonly TrackFeature[];
  readonly ranges: FeatureRanges;
}

/**
 * Makes raw track variables fit for a network: transforms each feature, clips it to its range and maps the range onto
 * [-1, 1]. [B, features] -> [B, features]. A feature that never varied becomes -1.
 */
export function inputSanitizer(options: InputSanitizerOptions): Layer {
  const { name, features, ranges } = options;
  const { minimum, maximum } = ranges;
  if (minimum.length !== features.length || maximum.length !== features.length) {
    throw new Error(
      `layer ${name}: ${minimum.length} minima and ${maximum.length} maxima for ${features.length} features`,
    );
  }
  const factors = minimum.map((low, i) => (maximum[i] > low ? 2 / (maximum[i] - low) : 0));
  return {
    name,
    parameters: () => [],
    outputShape: (inputShapes) => {
      const shape = onlyShape(name, inputShapes, 1);
      if (shape[0] !== features.length) {
        throw new Error(`layer ${name}: input has ${shape[0]} features, expected ${features.length}`);
      }
      return shape;
    },
    apply: (_, [x]) => {
      const low = tf.tensor1d([...minimum]);
      const inRange = tf.minimum(tf.maximum(transformed(x, features), low), tf.tensor1d([...maximum]));
      return tf.sub(tf.mul(tf.sub(inRange, low), tf.tensor1d(factors)), 1);
    },
    kerasConfig: () => ({
      ...kerasLayer('InputSanitizerLayer', name, {
        preprocessed_min_values: minimum,
        preprocessed_max_values: maximum,
        ...ownTransforms(features),
      }),
      isCustom: true,
    }),
  };
}

/** The reference's layer knows the transforms of its 29 features; those of others are told. */
function ownTransforms(features: readonly TrackFeature[]): Readonly<Record<string, readonly boolean[]>> {
  const isReference =
    features.length === TRACK_FEATURES.length && features.every((own, i) => isAlike(own, TRACK_FEATURES[i]));
  if (isReference) return {};
  return { abs: features.map(({ abs }) => abs), log1p: features.map(({ log1p }) => log1p) };
}

const isAlike = (one: TrackFeature, other: TrackFeature) =>
  one.abs === other.abs && one.log1p === other.log1p;

/** Smallest float32 number above -1: for less log1p would be NaN, which passes through all that follows. */
const LEAST_OF_LOG = -1 + 2 ** -24;

/** Transforms each run of neighbouring features that share their transforms. */
function transformed(x: tf.Tensor, features: readonly TrackFeature[]): tf.Tensor {
  const rows = x.shape[0]!;
  const starts = features.flatMap((feature, i) => (i === 0 || !isAlike(feature, features[i - 1]) ? [i] : []));
  const pieces = starts.map((start, i) => {
    const end = starts[i + 1] ?? features.length;
    return transformedAlike(tf.slice(x, [0, start], [rows, end - start]), features[start]);
  });
  return pieces.length === 1 ? pieces[0] : tf.concat(pieces, 1);
}

function transformedAlike(x: tf.Tensor, { abs, log1p }: TrackFeature): tf.Tensor {
  const size = abs ? tf.abs(x) : x;
  if (!log1p) return size;
  return tf.log1p(abs ? size : tf.maximum(size, LEAST_OF_LOG));
}
