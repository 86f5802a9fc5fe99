/** What flows along the edges of a graph that is being run. */
import { tf } from '../../tfjs.ts';
import { GraphDefError } from './errors.ts';

/**
 * A tensor, and whether its numbers are known here: constants, shapes and what is computed from them alone live on
 * tfjs' `cpu` backend, also while the graph is traced, since reshapes and slices need their numbers.
 */
export interface Value {
  readonly tensor: tf.Tensor;
  readonly known: boolean;
}

/** Elements of the largest tensor that a node may make: 1 GiB of float32. */
const MOST_ELEMENTS = 2 ** 28;

/** Refuses a result of an absurd size before it is made. Returns the shape. */
export function affordable(shape: readonly number[]): number[] {
  const elements = shape.reduce((product, size) => product * size, 1);
  if (!(elements <= MOST_ELEMENTS) || shape.some((size) => !Number.isInteger(size) || size < 0)) {
    throw new GraphDefError(`would make a tensor of shape [${shape.join(', ')}]`);
  }
  return [...shape];
}

/** Runs `body` on the `cpu` backend and returns to the backend before. */
export function onCpu<T>(body: () => T): T {
  const active = tf.getBackend();
  if (active === 'cpu') return body();
  tf.setBackend('cpu');
  try {
    return body();
  } finally {
    tf.setBackend(active);
  }
}
