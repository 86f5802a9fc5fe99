/** Losses, regularisation and gradients with respect to named parameters: the parts of every training step. */
import { tf } from '@hep/graph';
import type { ParameterSpec, Parameters } from './parameters.ts';

/** Loss of each sample: (target, prediction) -> [B]. */
export type PerSampleLoss = (target: tf.Tensor, prediction: tf.Tensor) => tf.Tensor;

/** Value and gradients of a scalar function of parameters. */
export interface Gradients<Extra> {
  readonly value: tf.Scalar;
  /** One gradient per specification, zero where the function does not depend on the parameter. */
  readonly gradients: Record<string, tf.Tensor>;
  readonly extra: Extra;
}

/**
 * Differentiates `body` with respect to the parameters that `specs` names.
 * `extra` carries further tensors out of the differentiated function: metrics, new moving statistics.
 */
export function gradientsOf<Extra extends Readonly<Record<string, tf.Tensor>>>(
  specs: readonly ParameterSpec[],
  parameters: Parameters,
  body: () => { readonly value: tf.Scalar; readonly extra: Extra },
): Gradients<Extra> {
  const kept: [string, tf.Tensor][] = [];
  const scalarOnly = () => {
    const { value, extra } = body();
    for (const [name, tensor] of Object.entries(extra)) kept.push([name, tf.keep(tf.clone(tensor))]);
    return value;
  };
  const variables = specs.map((spec) => parameters[spec.name]);
  const { value, grads } = tf.engine().gradients(scalarOnly, variables, undefined, true);
  const gradients = specs.map((spec, i): [string, tf.Tensor] => [
    spec.name,
    (grads[i] as tf.Tensor | null) ?? tf.zeros([...spec.shape]),
  ]);
  return {
    value,
    gradients: Object.fromEntries(gradients),
    extra: Object.fromEntries(kept.map(release)) as Extra,
  };
}

/** A kept tensor as one that the surrounding `tidy` owns. */
function release([name, tensor]: [string, tf.Tensor]): [string, tf.Tensor] {
  const owned = tf.clone(tensor);
  tensor.dispose();
  return [name, owned];
}

/** Mean over the batch: `sum(w_i l_i) / B`, as Keras weights samples; all weights 1 without `sampleWeight`. */
export function batchMean(perSample: tf.Tensor, sampleWeight?: tf.Tensor): tf.Scalar {
  return tf.mean(sampleWeight === undefined ? perSample : tf.mul(perSample, sampleWeight));
}

/** Sum of the penalties of all regularised parameters, each counted once; null when there is none. */
export function regularisation(specs: readonly ParameterSpec[], parameters: Parameters): tf.Scalar | null {
  const penalties = specs.flatMap(({ name, regulariser }) =>
    regulariser === undefined ? [] : [regulariser.penalty(parameters[name])],
  );
  return penalties.length === 0 ? null : penalties.reduce((sum, penalty) => tf.add(sum, penalty));
}
