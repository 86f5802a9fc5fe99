/** Decodes objects of any class by the descriptions in the file; a few classes have their own form. */
import type { ByteCursor, VersionHeader } from '../file/byte-cursor.ts';
import { builtInStreamers } from './built-in-streamers.ts';
import { Damage, Unsupported } from '../../damage.ts';
import {
  BASE_CLASS,
  COUNTED_ARRAY,
  FIXED_ARRAY,
  numberReader,
  OBJECT_INSIDE,
  OBJECT_POINTER,
  TEXT,
  TNAMED,
  TOBJECT,
} from './element-code.ts';
import { StreamedObject } from './streamed-object.ts';
import type { ClassDescriptions, StreamerElement } from './streamer-info.ts';

const BYTE_COUNT_MASK = 0x4000_0000;
const CLASS_MASK = 0x8000_0000;
const NEW_CLASS = 0xffff_ffff;
/** References count from the start of the key, plus this. */
const REFERENCE_OFFSET = 2;
/** Version of TBranch. */
const FIRST_WITH_LONG_POSITIONS = 10;
const LONG_POSITIONS = 2;
const LONG = 16;
/** Code of a counted array of `int`. */
const POSITIONS = COUNTED_ARRAY + 3;
const DEEPEST = 64;
/** Members of one record, far above those of trees with 100 000 branches; ends hostile descriptions. */
const MOST_MEMBERS = 20_000_000;

/** Decoder of one record. */
export class ObjectReader {
  private readonly references = new Map<number, StreamedObject | string>();
  private depth = 0;
  private members = 0;

  /** @param keyBytes length of the key before the record, from which references count */
  constructor(
    readonly cursor: ByteCursor,
    private readonly keyBytes: number,
    private readonly descriptions: ClassDescriptions,
  ) {}

  /** The object that the record holds, whose class only the key tells. */
  readTop(className: string): StreamedObject {
    const object = new StreamedObject(className);
    this.references.set(1, object);
    this.readInto(object, className);
    return object;
  }

  /**
   * An object behind a pointer: null, one that was read before, or a new one with its class. Objects of classes that
   * the file does not describe come without (some of) their members.
   */
  readPointer(): StreamedObject | null {
    const { cursor } = this;
    const start = cursor.position;
    const count = cursor.uint32();
    const isCounted = (count & BYTE_COUNT_MASK) !== 0 && count !== NEW_CLASS;
    const end = isCounted ? start + 4 + (count & ~BYTE_COUNT_MASK) : undefined;
    if (end !== undefined && end > cursor.bytes.length)
      throw new Damage('an object is longer than its record');
    const tagStart = cursor.position;
    const tag = isCounted ? cursor.uint32() : count;
    if ((tag & CLASS_MASK) === 0) return this.referred(tag, end);
    const className = this.className(tag, isCounted ? tagStart : undefined);
    const object = new StreamedObject(className);
    this.references.set(isCounted ? this.reference(start) : this.references.size + 1, object);
    this.readOrSkip(object, end);
    return object;
  }

  /** An object of a known class inside another one. */
  readInside(className: string): StreamedObject {
    const object = new StreamedObject(className);
    this.readInto(object, className);
    return object;
  }

  /** Adds what the class streams, header included, to an object. */
  readInto(object: StreamedObject, className: string): void {
    if (++this.depth > DEEPEST) throw new Damage('objects contain each other without end');
    const builtIn = builtInStreamers.get(className);
    if (builtIn !== undefined) builtIn(this, object);
    else this.readDescribed(object, className);
    this.depth--;
  }

  private readDescribed(object: StreamedObject, className: string): void {
    const header = this.cursor.versionHeader();
    const description = this.descriptions.ofVersion(className, header.version);
    if (description === undefined) {
      throw new Unsupported(`the file does not describe version ${header.version} of class ${className}`);
    }
    if (header.version <= 0) this.cursor.take(4); // checksum of a class without version
    for (const element of description.elements)
      this.readElement(object, inOldForm(element, className, header));
    this.cursor.finish(header);
  }

  private readElement(object: StreamedObject, element: StreamerElement): void {
    if (++this.members > MOST_MEMBERS) throw new Damage(`more than ${MOST_MEMBERS} members`);
    const { code, name } = element;
    if (code === BASE_CLASS || element.typeName === 'BASE') this.readInto(object, name);
    else if (OBJECT_INSIDE.includes(code) || code === TOBJECT || code === TNAMED)
      object.members.set(name, this.readInside(plainClass(element)));
    else if (OBJECT_POINTER.includes(code)) object.members.set(name, this.readPointer());
    else if (code === TEXT) object.members.set(name, this.cursor.text());
    else object.members.set(name, this.readNumbers(object, element));
  }

  private readNumbers(object: StreamedObject, element: StreamerElement): number | Float64Array {
    const { code } = element;
    const single = numberReader(code);
    if (single !== undefined) return single.read(this.cursor);
    if (numberReader(code - FIXED_ARRAY) !== undefined) {
      return this.readArray(code - FIXED_ARRAY, element.arrayLength);
    }
    if (numberReader(code - COUNTED_ARRAY) === undefined) {
      throw new Unsupported(`member ${element.name} has type ${element.typeName}, which is not known`);
    }
    const flag = this.cursor.uint8();
    const inside = code === POSITIONS && flag === LONG_POSITIONS ? LONG : code - COUNTED_ARRAY;
    return this.readArray(inside, flag === 0 ? 0 : object.number(element.countName));
  }

  /** `count` numbers of the type with that code. */
  readArray(code: number, count: number): Float64Array {
    const { bytes, read } = numberReader(code)!;
    if (!(count >= 0 && count * bytes <= this.cursor.left)) {
      throw new Damage(`an array of ${count} numbers in ${this.cursor.left} bytes`);
    }
    const values = new Float64Array(count);
    for (let i = 0; i < count; i++) values[i] = read(this.cursor);
    return values;
  }

  private referred(tag: number, end: number | undefined): StreamedObject | null {
    if (tag === 0) return null;
    const target = this.references.get(tag);
    if (target instanceof StreamedObject) return target;
    if (end === undefined) throw new Damage(`a reference to an object that is not there`);
    this.cursor.seek(end);
    return null;
  }

  private className(tag: number, tagStart: number | undefined): string {
    if (tag === NEW_CLASS) {
      const name = this.cursor.terminatedText();
      const position = tagStart === undefined ? this.references.size + 1 : this.reference(tagStart);
      this.references.set(position, name);
      return name;
    }
    const name = this.references.get((tag & ~CLASS_MASK) >>> 0);
    if (typeof name !== 'string') throw new Damage('a reference to a class that is not there');
    return name;
  }

  private reference(position: number): number {
    return position + this.keyBytes + REFERENCE_OFFSET;
  }

  private readOrSkip(object: StreamedObject, end: number | undefined): void {
    const { depth } = this;
    try {
      this.readInto(object, object.className);
    } catch (error) {
      if (!(error instanceof Unsupported) || end === undefined) throw error;
      this.depth = depth;
      this.cursor.seek(end);
    }
    if (end === undefined) return;
    const header: VersionHeader = { version: 0, end };
    this.cursor.finish(header);
  }
}

/** Branches of ROOT 4 have positions of four bytes unless the byte before says 2, whatever their description says. */
function inOldForm(element: StreamerElement, className: string, { version }: VersionHeader): StreamerElement {
  const isOld =
    className === 'TBranch' && version < FIRST_WITH_LONG_POSITIONS && element.name === 'fBasketSeek';
  return isOld ? { ...element, code: POSITIONS } : element;
}

/** Pointers that are stored in place name their class with a star. */
function plainClass({ typeName }: StreamerElement): string {
  return typeName.replace(/\*+$/, '').trim();
}
