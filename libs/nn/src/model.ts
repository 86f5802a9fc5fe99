import type { tf } from '@hep/graph';
import { Context } from './context.ts';
import type { Network } from './network.ts';
import type { ParameterSpec, Parameters, Shape } from './parameters.ts';

/** Named parameters and a pure function of named tensors. */
export interface Model {
  readonly name: string;
  /** Shapes of the inputs without the batch axis. */
  readonly inputs: Readonly<Record<string, Shape>>;
  /** Names of the results of `apply`, the main one first. */
  readonly outputs: readonly string[];
  readonly parameterSpecs: readonly ParameterSpec[];
  apply(
    parameters: Parameters,
    inputs: Readonly<Record<string, tf.Tensor>>,
    context: Context,
  ): Record<string, tf.Tensor>;
}

/** A model whose structure is known layer by layer, as model files need it. */
export interface NetworkModel extends Model {
  readonly network: Network;
}

/** The model of a network; inputs and outputs are named after their nodes. */
export function modelOf(network: Network): NetworkModel {
  const outputs = network.outputs.map((node) => node.name);
  return {
    name: network.name,
    inputs: Object.fromEntries(network.inputs.map((node) => [node.name, node.shape])),
    outputs,
    parameterSpecs: network.parameterSpecs,
    network,
    apply: (parameters, inputs, context) => {
      const given = network.inputs.map((node) => {
        if (inputs[node.name] === undefined)
          throw new Error(`model ${network.name}: input ${node.name} is missing`);
        return inputs[node.name];
      });
      const results = network.applyAll(parameters, given, context);
      return Object.fromEntries(outputs.map((name, i) => [name, results[i]]));
    },
  };
}

/** Results of a model in inference mode. */
export function predict(
  model: Model,
  parameters: Parameters,
  inputs: Readonly<Record<string, tf.Tensor>>,
): Record<string, tf.Tensor> {
  return model.apply(parameters, inputs, new Context(false));
}
