import { tf } from '@hep/graph';
import { kerasObject } from '@hep/nn';
import type { Initialiser } from '@hep/nn';
import { bitsOf } from '../config.ts';
import { kerasQuantiser } from '../keras.ts';
import type { Quantiser } from '../quantiser.ts';

/** Initialisers whose values are proportional to the root of a scale. */
const scaled: ReadonlySet<string> = new Set(['HeNormal', 'LecunNormal', 'GlorotUniform']);

/**
 * The values of another initialiser within the bounds of a quantiser, spread more widely when they would mostly vanish
 * in its step (QKeras, `QInitializer`: scale times `max(sum(q^2) / sum(q x), 1)`, or `maximum / rms` when all are 0).
 * The reference draws again after changing the scale, this stretches what was drawn.
 */
export function withinQuantiser(base: Initialiser, quantiser: Quantiser): Initialiser {
  const { maximum, config } = quantiser;
  return {
    values: (shape, numbers) => {
      const values = base.values(shape, numbers);
      const isLost =
        maximum * 2 ** -bitsOf(config) > standardDeviation(values) && scaled.has(base.keras.class_name);
      const stretch = isLost ? Math.sqrt(Math.max(1, scaleFactor(values, quantiser))) : 1;
      return values.map((value) => Math.min(Math.max(value * stretch, -maximum), maximum));
    },
    keras: {
      ...kerasObject('qkeras.qlayers', 'QInitializer', {
        initializer: base.keras,
        use_scale: true,
        quantizer: kerasQuantiser(config),
      }),
      registered_name: 'QInitializer',
    },
  };
}

function standardDeviation(values: Float32Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

function scaleFactor(values: Float32Array, quantiser: Quantiser): number {
  const quantised = tf.tidy(() => quantiser.apply(tf.tensor1d(values)).dataSync());
  let squares = 0;
  let products = 0;
  let power = 0;
  values.forEach((value, i) => {
    squares += quantised[i] ** 2;
    products += quantised[i] * value;
    power += value ** 2;
  });
  return squares === 0 ? quantiser.maximum / Math.sqrt(power / values.length) : squares / products;
}
