import { tf } from '@hep/graph';

/** A function of tensors of any shape that acts on each element, or on each channel. */
export type TensorMap = (x: tf.Tensor) => tf.Tensor;

/** What makes a quantiser: values in float32 [any shape]. */
export interface Rule {
  /** The quantised tensor, on its grid exactly. */
  readonly value: TensorMap;
  /** The function whose gradient the quantised one takes; default: the identity. */
  readonly smooth?: TensorMap;
  /** Gradient of `smooth`, elementwise; default 1. */
  readonly slope?: TensorMap;
  /** Factor between grid and values. */
  readonly scale?: TensorMap;
  readonly minimum: number;
  readonly maximum: number;
  /** Every value in ascending order; undefined when it depends on the tensor. */
  readonly grid?: () => Float64Array;
}

/**
 * `smooth + noise * (value - smooth)` with the gradient of `smooth` (straight-through estimator; QKeras,
 * `x + stop_gradient(qnoise_factor * (-x + xq))`). At noise 1 it is `value` to the last bit.
 */
export function straightThrough(rule: Rule, noise = 1): TensorMap {
  const { slope, smooth = (x: tf.Tensor) => x } = rule;
  const forward = (x: tf.Tensor) => {
    if (noise === 1) return rule.value(x);
    const base = smooth(x);
    return tf.add(base, tf.mul(tf.sub(rule.value(x), base), noise));
  };
  return tf.customGrad((...inputs) => {
    const [x, save] = inputs as [tf.Tensor, tf.GradSaveFunc];
    if (slope === undefined) return { value: forward(x), gradFunc: (dy: tf.Tensor) => dy };
    save([x]);
    return { value: forward(x), gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) => tf.mul(dy, slope(saved)) };
  });
}

/** 1 where a condition holds, else 0. */
export function indicator(condition: tf.Tensor): tf.Tensor {
  return tf.cast(condition, 'float32');
}

/** The sign as +-1; 0 counts as positive. */
export function signOf(x: tf.Tensor): tf.Tensor {
  return tf.sub(tf.mul(indicator(tf.greaterEqual(x, 0)), 2), 1);
}

/** `step` times each integer from `first` to `last`, ascending. */
export function multiples(first: number, last: number, step: number): Float64Array {
  const values = Float64Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
  return step < 0 ? values.reverse() : values;
}
