import { lstm as recur } from '@hep/graph';
import { glorotUniform, orthogonal } from '../initialisers.ts';
import type { Initialiser } from '../initialisers.ts';
import { kerasLayer, kerasObject } from '../keras-config.ts';
import type { Layer } from '../layer.ts';
import type { Regulariser } from '../regularisers.ts';
import { onlyShape } from './windows.ts';

/** Options of `lstm`. */
export interface LstmOptions {
  readonly name: string;
  readonly units: number;
  /** Every hidden state instead of the last one; default false. */
  readonly returnSequences?: boolean;
  readonly kernelInitialiser?: Initialiser;
  readonly recurrentInitialiser?: Initialiser;
  /** Of the kernel that the inputs are multiplied with. */
  readonly kernelRegulariser?: Regulariser;
}

/** Zero but for the forget gates, which start open. */
const openForgetGates: Initialiser = {
  values: ([size]) => new Float32Array(size).fill(1, size / 4, size / 2),
  keras: kerasObject('keras.initializers', 'Zeros'),
};

/**
 * Long short-term memory with sigmoid gates and tanh cells: [B, T, F] -> [B, units], or [B, T, units] with
 * `returnSequences`. Gates in the order input, forget, cell, output: kernel [F, 4 units], recurrent_kernel
 * [units, 4 units], bias [4 units].
 */
export function lstm(options: LstmOptions): Layer {
  const { name, units, returnSequences = false } = options;
  const kernelInitialiser = options.kernelInitialiser ?? glorotUniform;
  const recurrentInitialiser = options.recurrentInitialiser ?? orthogonal;
  const regulariser = options.kernelRegulariser;
  const trainable = true;
  return {
    name,
    parameters: (inputShapes) => {
      const [, features] = onlyShape(name, inputShapes, 2);
      const width = 4 * units;
      return [
        { name: 'kernel', shape: [features, width], trainable, initialiser: kernelInitialiser, regulariser },
        { name: 'recurrent_kernel', shape: [units, width], trainable, initialiser: recurrentInitialiser },
        { name: 'bias', shape: [width], trainable, initialiser: openForgetGates },
      ];
    },
    outputShape: (inputShapes) => {
      const [time] = onlyShape(name, inputShapes, 2);
      return returnSequences ? [time, units] : [units];
    },
    apply: ({ kernel, recurrent_kernel: recurrent, bias }, [x]) =>
      recur(x, kernel, recurrent, bias, { returnSequences }),
    kerasConfig: () =>
      kerasLayer('LSTM', name, {
        return_sequences: returnSequences,
        return_state: false,
        go_backwards: false,
        stateful: false,
        unroll: false,
        time_major: false,
        units,
        activation: 'tanh',
        recurrent_activation: 'sigmoid',
        use_bias: true,
        kernel_initializer: kernelInitialiser.keras,
        recurrent_initializer: recurrentInitialiser.keras,
        bias_initializer: openForgetGates.keras,
        unit_forget_bias: true,
        kernel_regularizer: regulariser?.keras ?? null,
        recurrent_regularizer: null,
        bias_regularizer: null,
        activity_regularizer: null,
        kernel_constraint: null,
        recurrent_constraint: null,
        bias_constraint: null,
        dropout: 0,
        recurrent_dropout: 0,
        implementation: 2,
      }),
  };
}
