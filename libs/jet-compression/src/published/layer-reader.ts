import { UserError } from '@hep/options';
import type { DoubleLayer, DoubleNormalisation, NamedTensors } from './checkpoint-layers.ts';

/** Layers of a checkpoint by their names, checked. All methods throw a UserError with the path. */
export class LayerReader {
  constructor(
    readonly path: string,
    private readonly tensors: NamedTensors,
  ) {}

  has(name: string): boolean {
    return this.tensors.has(`${name}.weight`);
  }

  isNormalisation(name: string): boolean {
    return this.tensors.has(`${name}.running_mean`);
  }

  layer(name: string): DoubleLayer {
    const { shape, values } = this.numbers(`${name}.weight`, 2);
    const bias = this.tensors.has(`${name}.bias`) ? this.vector(`${name}.bias`, shape[0]) : null;
    return { units: shape[0], inputs: shape[1], weight: values, bias };
  }

  normalisation(name: string, width: number): DoubleNormalisation {
    const of = (part: string) => this.vector(`${name}.${part}`, width);
    const variance = of('running_var');
    if (variance.some((value) => value < 0)) this.fail(`${name}.running_var has a negative variance`);
    return { gamma: of('weight'), beta: of('bias'), mean: of('running_mean'), variance };
  }

  fail(text: string): never {
    throw new UserError(`${this.path}: ${text}`);
  }

  private vector(name: string, length: number): Float64Array {
    const { shape, values } = this.numbers(name, 1);
    if (shape[0] !== length) this.fail(`${name} has ${shape[0]} values, expected ${length}`);
    return values;
  }

  private numbers(name: string, rank: number) {
    const tensor = this.tensors.get(name);
    if (tensor === undefined) this.fail(`${name} is missing`);
    const { shape, values } = tensor;
    if (shape.length !== rank || shape.includes(0))
      this.fail(`${name} has the shape ${shape.join(' x ')}, expected ${rank} axes`);
    const numbers = Float64Array.from(values, Number);
    if (!numbers.every(Number.isFinite)) this.fail(`${name} has numbers that are not finite`);
    return { shape, values: numbers };
  }
}
