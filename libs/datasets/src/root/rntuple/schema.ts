/** Fields and columns of an RNTuple. */
import type { ByteCursor } from '../file/byte-cursor.ts';
import { Damage } from '../../damage.ts';
import { readListFrame, readRecordFrame, readText } from './envelope.ts';

/** Role of a field of numbers or texts, or of one that wraps another. */
export const LEAF = 0;
/** Role of a field of lists of its only child. */
export const COLLECTION = 1;
/** Role of a field whose children are its members. */
export const RECORD = 2;
/** Role of a field that is one of its children in each entry. */
export const VARIANT = 3;

const REPETITIVE = 1;
const PROJECTED = 2;
const HAS_CHECKSUM = 4;
const DEFERRED = 1;
const HAS_RANGE = 2;

/** A field: a name, a C++ type, and the fields inside. */
export interface Field {
  readonly name: string;
  readonly typeName: string;
  readonly role: number;
  /** Elements of a fixed array; 0 when it is none. */
  readonly arrayLength: number;
  readonly columns: Column[];
  readonly children: Field[];
}

/** A column: numbers of one field, in the pages of all clusters. */
export interface Column {
  /** Place among the columns of a cluster. */
  readonly id: number;
  readonly type: number;
  readonly bits: number;
  /** Other than the first: the same numbers in another encoding. */
  readonly representation: number;
  /** Begins later than the first entry, because the field was added while writing; zeros come before. */
  readonly isDeferred: boolean;
  /** Lowest and highest value of quantised numbers. */
  readonly range: readonly [number, number] | undefined;
}

/** Fields at the top of an RNTuple; filled by the header and by the extension in the footer. */
export class Schema {
  readonly top: Field[] = [];
  private readonly fields: Field[] = [];
  private readonly columns: Column[] = [];

  /** Adds the fields and columns that a cursor stands at; type information behind is not needed. */
  read(cursor: ByteCursor): void {
    readListFrame(cursor, (inner) => readRecordFrame(inner, (record) => this.readField(record)));
    readListFrame(cursor, (inner) => readRecordFrame(inner, (record) => this.readColumn(record)));
    readListFrame(cursor, (inner) => readRecordFrame(inner, (record) => this.readAlias(record)));
  }

  private readField(cursor: ByteCursor): void {
    const id = this.fields.length;
    cursor.take(8); // versions of field and type
    const parent = cursor.uint32();
    const role = cursor.uint16();
    const flags = cursor.uint16();
    const name = readText(cursor);
    const typeName = readText(cursor);
    readText(cursor); // alias
    readText(cursor); // description
    const arrayLength = (flags & REPETITIVE) === 0 ? 0 : cursor.uint64();
    if ((flags & PROJECTED) !== 0) cursor.take(4);
    if ((flags & HAS_CHECKSUM) !== 0) cursor.take(4);
    const field: Field = { name, typeName, role, arrayLength, columns: [], children: [] };
    this.fields.push(field);
    if (parent === id) this.top.push(field);
    else if (parent < id) this.fields[parent].children.push(field);
    else throw new Damage(`field '${name}' belongs to a field that is not there`);
  }

  private readColumn(cursor: ByteCursor): void {
    const type = cursor.uint16();
    const bits = cursor.uint16();
    const field = this.fieldOf(cursor.uint32());
    const flags = cursor.uint16();
    const representation = cursor.uint16();
    const isDeferred = (flags & DEFERRED) !== 0;
    if (isDeferred) cursor.take(8);
    const range = (flags & HAS_RANGE) === 0 ? undefined : ([cursor.float64(), cursor.float64()] as const);
    if (representation > field.columns.length)
      throw new Damage('a column of a representation without others');
    const column: Column = { id: this.columns.length, type, bits, representation, isDeferred, range };
    this.columns.push(column);
    field.columns.push(column);
  }

  /** A column of a projected field: one of another field. */
  private readAlias(cursor: ByteCursor): void {
    const column = this.columns[cursor.uint32()];
    if (column === undefined) throw new Damage('a projected field shows a column that is not there');
    this.fieldOf(cursor.uint32()).columns.push(column);
  }

  private fieldOf(id: number): Field {
    const field = this.fields[id];
    if (field === undefined) throw new Damage('a column belongs to a field that is not there');
    return field;
  }
}
