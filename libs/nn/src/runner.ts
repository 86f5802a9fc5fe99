/** Running pure functions of named tensors on host values, whatever computes them. */
import { tf } from '@hep/graph';
import { installEagerKernels } from './eager-kernels.ts';
import type { HostTensor, Shape } from './parameters.ts';

/** A function that can be traced: named tensors in, named tensors out. */
export type TensorFunction = (inputs: Record<string, tf.Tensor>) => Record<string, tf.Tensor>;

/** An input value. */
export interface RunnerInput {
  readonly shape: Shape;
  readonly values: ArrayLike<number>;
  /** Default float32. */
  readonly dtype?: 'float32' | 'int32';
}

/** Something that runs tensor functions; the same function object may be prepared once and run often. */
export interface Runner {
  readonly name: string;
  run(fn: TensorFunction, inputs: Readonly<Record<string, RunnerInput>>): Promise<Record<string, HostTensor>>;
}

/** Runs functions operation by operation on tfjs' `cpu` backend. */
export const eagerRunner: Runner = {
  name: 'eager cpu',
  run: async (fn, inputs) => {
    await tf.setBackend('cpu');
    installEagerKernels();
    const before = Object.entries(inputs).map(
      ([name, { shape, values, dtype = 'float32' }]): [string, tf.Tensor] => [
        name,
        tf.tensor(dtype === 'int32' ? Int32Array.from(values) : Float32Array.from(values), [...shape], dtype),
      ],
    );
    const after = tf.tidy(() => fn(Object.fromEntries(before)));
    const results = Object.entries(after).map(([name, tensor]): [string, HostTensor] => [
      name,
      { shape: [...tensor.shape], values: Float32Array.from(tensor.dataSync()) },
    ]);
    tf.dispose([before.map(([, tensor]) => tensor), Object.values(after)]);
    return Object.fromEntries(results);
  },
};
