import type { tf } from '@hep/graph';
import { streamOf } from './seeded-numbers.ts';

/** What one use of a layer costs, such as the area of a circuit. */
export interface LayerCost {
  readonly kind: string;
  /** Path of the layer. */
  readonly layer: string;
  /** Depends on parameters, not on the batch. */
  readonly amount: tf.Scalar;
}

/** What one application of a model knows beside parameters and inputs. */
export class Context {
  /** New values of moving statistics by parameter path. */
  readonly updates: Map<string, tf.Tensor>;
  /** What the layers cost so far. */
  readonly costs: LayerCost[];
  private readonly draws: Map<string, number>;

  /**
   * @param training true: dropout acts, BatchNormalization uses and tracks batch statistics
   * @param seed int32 scalar; needed when a layer draws random numbers
   */
  constructor(
    readonly training: boolean,
    readonly seed?: tf.Tensor,
    private readonly path = '',
    shared?: Context,
  ) {
    this.updates = shared?.updates ?? new Map();
    this.costs = shared?.costs ?? [];
    this.draws = shared?.draws ?? new Map();
  }

  /** The context of a layer inside of this one; it shares updates, costs and random streams. */
  within(layer: string): Context {
    return new Context(this.training, this.seed, this.pathOf(layer), this);
  }

  /** Full path of a name in the current layer. */
  pathOf(name: string): string {
    return this.path === '' ? name : `${this.path}/${name}`;
  }

  /** Reports what the current layer costs; every use of a layer counts. */
  addCost(kind: string, amount: tf.Scalar): void {
    this.costs.push({ kind, layer: this.path, amount });
  }

  /** Stream of random numbers for the next draw of the current layer; every draw gets another one. */
  nextStream(): number {
    const drawn = this.draws.get(this.path) ?? 0;
    this.draws.set(this.path, drawn + 1);
    return streamOf(`${this.path}#${drawn}`);
  }
}

/** Context of inference. */
export function inference(): Context {
  return new Context(false);
}
