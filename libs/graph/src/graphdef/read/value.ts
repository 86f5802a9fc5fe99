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

/** Elements of the largest tensor that a node may make: 256 MiB of float32. */
const MOST_ELEMENTS = 2 ** 26;
/** Elements of all results of a run, for up to so many rows of a batch. */
const MOST_IN_ALL = 2 ** 28;
const ROWS_OF_BUDGET = 1024;

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

/** What all nodes of a run may make together: small files must not fill the memory. */
export class ElementBudget {
  private left: number;

  /** @param inputs values of the placeholders, whose first axis may be the batch */
  constructor(inputs: ReadonlyMap<string, readonly Value[]>) {
    const rows = Math.max(1, ...[...inputs.values()].flat().map(({ tensor }) => tensor.shape[0] ?? 1));
    this.left = MOST_IN_ALL * Math.max(1, rows / ROWS_OF_BUDGET);
  }

  spend(values: Value[]): Value[] {
    for (const { tensor } of values) this.left -= tensor.size;
    if (this.left >= 0) return values;
    throw new GraphDefError('the graph makes more numbers than a network of this kind has use for');
  }
}
