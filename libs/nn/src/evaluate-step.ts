import { tf } from '@hep/graph';
import { Context } from './context.ts';
import { regularisation } from './gradients.ts';
import type { PerSampleLoss } from './gradients.ts';
import type { Model } from './model.ts';

/** What an evaluation is made of. */
export interface EvaluateStepOptions {
  readonly model: Model;
  /** Between the target and the model's first output. */
  readonly loss: PerSampleLoss;
  readonly metrics?: Readonly<Record<string, PerSampleLoss>>;
}

/**
 * Builds the evaluation of a batch in inference mode. It takes parameters by path and the inputs of a training step
 * and returns sums over the samples, so that exact means over a data set can be formed:
 * `lossSum` (weighted by `sampleWeight` where given), one sum per metric, and `regularisation`, to be added once to
 * the mean loss.
 */
export function evaluateStep(options: EvaluateStepOptions) {
  const { model, loss, metrics = {} } = options;
  return (
    parameters: Readonly<Record<string, tf.Tensor>>,
    inputs: Readonly<Record<string, tf.Tensor>>,
  ): Record<string, tf.Tensor> => {
    const { target, sampleWeight } = inputs;
    const prediction = model.apply(parameters, inputs, new Context(false))[model.outputs[0]];
    const perSample = loss(target, prediction);
    const sums = Object.entries(metrics).map(([name, metric]): [string, tf.Tensor] => [
      name,
      tf.sum(metric(target, prediction)),
    ]);
    return {
      lossSum: tf.sum(sampleWeight === undefined ? perSample : tf.mul(perSample, sampleWeight)),
      regularisation: regularisation(model.parameterSpecs, parameters) ?? tf.scalar(0),
      ...Object.fromEntries(sums),
    };
  };
}
