/** A node as the rule of its operation sees it: operands as tensors, attributes by type. */
import type { DType } from '../../ir.ts';
import type { tf } from '../../tfjs.ts';
import type { StoredAttribute, StoredNode, StoredTensor } from './decode.ts';
import { GraphDefError } from './errors.ts';
import type { Value } from './value.ts';

/** TensorFlow's numbers of types, as tfjs holds them. */
const typeOfNumber: ReadonlyMap<number, DType> = new Map([
  [1, 'float32'],
  [3, 'int32'],
  [9, 'int32'],
  [10, 'bool'],
]);

/** Type behind a `DataType` of the file. Throws for types without a place in tfjs. */
export function dtypeOf(stored: number | undefined): DType {
  const dtype = typeOfNumber.get(stored ?? 0);
  if (dtype !== undefined) return dtype;
  throw new GraphDefError(`type ${stored ?? 0} is not supported; expected float, int32, int64 or bool`);
}

/** A node with the values of its operands, as rules ask for them. */
export class NodeReader {
  constructor(
    private readonly node: StoredNode,
    private readonly values: readonly Value[],
  ) {}

  /** Number of operands. */
  get size(): number {
    return this.values.length;
  }

  get all(): tf.Tensor[] {
    return this.values.map(({ tensor }) => tensor);
  }

  operand(index: number): tf.Tensor {
    return this.value(index).tensor;
  }

  /** Numbers of an operand that decides over shapes; it must not depend on the inputs' values. */
  numbers(index: number): number[] {
    const { tensor, known } = this.value(index);
    if (!known)
      throw new GraphDefError(`operand ${index} depends on the values of an input; expected a constant`);
    return Array.from(tensor.dataSync());
  }

  number(index: number): number {
    const [value, ...more] = this.numbers(index);
    if (value === undefined || more.length > 0) {
      throw new GraphDefError(`operand ${index} has ${more.length} numbers; expected one`);
    }
    return value;
  }

  private value(index: number): Value {
    const value = this.values[index];
    if (value !== undefined) return value;
    throw new GraphDefError(`has ${this.values.length} operands; operand ${index} is missing`);
  }

  private attribute<K extends keyof StoredAttribute>(
    name: string,
    kind: K,
    fallback?: StoredAttribute[K],
  ): NonNullable<StoredAttribute[K]> {
    const value = this.node.attr.get(name)?.[kind] ?? fallback;
    if (value !== undefined) return value;
    throw new GraphDefError(`attribute "${name}" is missing or has another type`);
  }

  int(name: string, fallback?: number): number {
    return this.attribute(name, 'i', fallback);
  }

  float(name: string, fallback?: number): number {
    return this.attribute(name, 'f', fallback);
  }

  flag(name: string): boolean {
    return this.attribute(name, 'b', false);
  }

  text(name: string, fallback: string): string {
    return Buffer.from(this.attribute(name, 's', Buffer.from(fallback))).toString('latin1');
  }

  ints(name: string, fallback?: readonly number[]): readonly number[] {
    return this.attribute(name, 'list', fallback === undefined ? undefined : { i: fallback }).i ?? [];
  }

  dtype(name: string): DType {
    return dtypeOf(this.attribute(name, 'type'));
  }

  tensor(name: string): StoredTensor {
    return this.attribute(name, 'tensor');
  }
}
