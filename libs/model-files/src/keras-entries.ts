import { l1, l1l2, l2 } from '@hep/nn';
import type { KerasObject, PlainData, Regulariser } from '@hep/nn';
import { UserError } from '@hep/options';
import { quantiserFromKeras } from '@hep/quant';
import type { Quantiser } from '@hep/quant';
import type { KerasLayerSpec } from './keras-layer.ts';

/** The entries of a layer's configuration, checked as they are taken. */
export class Entries {
  constructor(private readonly spec: KerasLayerSpec) {}

  get name(): string {
    return this.spec.name;
  }

  count(key: string): number {
    return this.take(key, 'a positive whole number', (value) =>
      Number.isInteger(value) && (value as number) > 0 ? (value as number) : undefined,
    );
  }

  counts(key: string): number[] {
    return this.take(key, 'positive whole numbers', (value) =>
      Array.isArray(value) && value.every((entry) => Number.isInteger(entry) && (entry as number) > 0)
        ? (value as number[])
        : undefined,
    );
  }

  pair(key: string): [number, number] {
    const [height, width] = this.counts(key);
    return [height, width ?? height];
  }

  oneOf<Value extends PlainData>(key: string, known: readonly Value[]): Value {
    return this.take(key, known.map((value) => JSON.stringify(value)).join(' or '), (value) =>
      known.find((candidate) => JSON.stringify(candidate) === JSON.stringify(value)),
    );
  }

  /** One of the known values; what is not there counts as the first one, which is Keras' default. */
  optional<Value extends PlainData>(key: string, known: readonly Value[]): Value {
    return this.spec.config[key] === undefined ? known[0] : this.oneOf(key, known);
  }

  /** A quantiser as a text or an object; undefined for none. */
  quantiser(key: string): Quantiser | undefined {
    const value = this.spec.config[key] ?? null;
    if (value === null || value === 'linear') return undefined;
    try {
      return quantiserFromKeras(value);
    } catch (error) {
      throw error instanceof UserError
        ? new UserError(`layer ${this.name}: ${key}: ${error.message}`)
        : error;
    }
  }

  /** A penalty by the sums of absolute values and of squares; undefined for none and for others, which files leave away. */
  regulariser(key: string): Regulariser | undefined {
    const { class_name: kind, config } = (this.raw(key) ?? {}) as Partial<KerasObject>;
    const { l1: first = 0, l2: second = 0 } = (config ?? {}) as { l1?: unknown; l2?: unknown };
    if (typeof first !== 'number' || typeof second !== 'number') return undefined;
    if (kind === 'L1') return l1(first);
    if (kind === 'L2') return l2(second);
    return kind === 'L1L2' ? l1l2(first, second) : undefined;
  }

  raw(key: string): PlainData {
    return this.spec.config[key] ?? null;
  }

  take<Value>(key: string, expected: string, read: (value: PlainData) => Value | undefined): Value {
    const value = this.raw(key);
    const found = read(value);
    if (found === undefined) {
      throw new UserError(
        `layer ${this.name}: ${key} is ${JSON.stringify(value)}, expected ${expected} in a ${this.spec.className}`,
      );
    }
    return found;
  }
}
