/**
 * Thrift's compact protocol, in which Parquet writes its metadata, within bounds: nothing is allocated that the bytes do
 * not hold, and nesting ends.
 */
import { Damage } from '../damage.ts';

/** Values by field number. */
export type ThriftStruct = ReadonlyMap<number, ThriftValue>;

/** A value of a field; texts are bytes. */
export type ThriftValue = boolean | number | Uint8Array | readonly ThriftValue[] | ThriftStruct;

const DEEPEST = 24;
const [TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const STRUCT = 12;

/** Reads structs from bytes; integers beyond 2^53 lose digits, which no field that is used has. */
export class ThriftReader {
  private readonly view: DataView;

  constructor(
    private readonly bytes: Uint8Array,
    public position = 0,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** @throws Damage when the bytes end early or are no struct */
  struct(depth = 0): ThriftStruct {
    if (depth > DEEPEST) throw new Damage('metadata nested too deep');
    const fields = new Map<number, ThriftValue>();
    for (let field = 0; ;) {
      const head = this.byte();
      const type = head & 15;
      if (type === 0) return fields;
      field = head >> 4 === 0 ? this.zigZag() : field + (head >> 4);
      fields.set(field, type === TRUE || type === FALSE ? type === TRUE : this.value(type, depth));
    }
  }

  private value(type: number, depth: number): ThriftValue {
    switch (type) {
      case TRUE:
      case FALSE:
        return this.byte() === TRUE;
      case BYTE:
        return (this.byte() << 24) >> 24;
      case I16:
      case I32:
      case I64:
        return this.zigZag();
      case DOUBLE:
        return this.view.getFloat64(this.advance(8), true);
      case BINARY: {
        const length = this.varInt();
        const start = this.advance(length);
        return this.bytes.subarray(start, start + length);
      }
      case LIST:
      case SET:
        return this.list(depth);
      case STRUCT:
        return this.struct(depth + 1);
      default:
        throw new Damage(`metadata of unknown type ${type}`);
    }
  }

  private list(depth: number): ThriftValue[] {
    const head = this.byte();
    const size = head >> 4 === 15 ? this.varInt() : head >> 4;
    if (size > this.bytes.length - this.position) throw new Damage('a list longer than the metadata');
    const values: ThriftValue[] = [];
    for (let i = 0; i < size; i++) values.push(this.value(head & 15, depth + 1));
    return values;
  }

  private byte(): number {
    return this.bytes[this.advance(1)];
  }

  private varInt(): number {
    let value = 0;
    for (let scale = 1; scale <= 2 ** 63; scale *= 128) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    throw new Damage('an endless number in the metadata');
  }

  private zigZag(): number {
    const value = this.varInt();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  private advance(count: number): number {
    const start = this.position;
    if (count > this.bytes.length - start) throw new Damage('the metadata end early');
    this.position = start + count;
    return start;
  }
}

/** A number of a struct. */
export function numberOf(struct: ThriftStruct | undefined, field: number): number | undefined {
  const value = struct?.get(field);
  return typeof value === 'number' ? value : undefined;
}

/** A number that must be there, a whole one from 0 on. */
export function countOf(struct: ThriftStruct | undefined, field: number, what: string): number {
  const value = numberOf(struct, field);
  if (value !== undefined && Number.isSafeInteger(value) && value >= 0) return value;
  throw new Damage(`${what} is missing or negative`);
}

/** A struct within a struct. */
export function structOf(value: ThriftValue | undefined): ThriftStruct | undefined {
  return value instanceof Map ? value : undefined;
}

/** Structs of a list. */
export function structsOf(struct: ThriftStruct, field: number, what: string): ThriftStruct[] {
  const list = struct.get(field);
  if (!Array.isArray(list)) throw new Damage(`${what} are missing`);
  return list.map((item: ThriftValue) => {
    if (item instanceof Map) return item;
    throw new Damage(`${what} are of another type`);
  });
}

/** A text of a struct. */
export function textOf(struct: ThriftStruct, field: number): string {
  const value = struct.get(field);
  return value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : '';
}
