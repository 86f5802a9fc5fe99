import { tf } from '@hep/graph';
import { kerasLayer, onlyShape } from '@hep/nn';
import type { Layer } from '@hep/nn';
import type { FeatureRanges, FeatureTransform, TrackFeature } from './features.ts';

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
      }),
      isCustom: true,
    }),
  };
}

const functions: Readonly<Record<FeatureTransform, (x: tf.Tensor) => tf.Tensor>> = {
  none: (x) => x,
  absolute: (x) => tf.abs(x),
  logAbsolute: (x) => tf.log1p(tf.abs(x)),
};

/** Transforms each run of neighbouring features that share a transform. */
function transformed(x: tf.Tensor, features: readonly TrackFeature[]): tf.Tensor {
  const rows = x.shape[0]!;
  const starts = features.flatMap(({ transform }, i) =>
    i === 0 || transform !== features[i - 1].transform ? [i] : [],
  );
  const pieces = starts.map((start, i) => {
    const end = starts[i + 1] ?? features.length;
    return functions[features[start].transform](tf.slice(x, [0, start], [rows, end - start]));
  });
  return pieces.length === 1 ? pieces[0] : tf.concat(pieces, 1);
}
