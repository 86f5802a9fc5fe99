import { tf } from '@hep/graph';
import { kerasObject } from '@hep/nn';
import type { Regulariser } from '@hep/nn';

/** `factor * sum(x)`: the same pull towards smaller values wherever they are (HGQ's MonoL1). */
export function monoL1(factor: number): Regulariser {
  return {
    penalty: (parameter) => tf.mul(tf.sum(parameter), factor),
    keras: kerasObject('hgq.regularizers', 'MonoL1', { l1: factor }),
  };
}
