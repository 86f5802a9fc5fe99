/** Objects as the file describes them: members by name. */
import { Damage } from '../../damage.ts';

/** Value of a member. 64-bit integers are numbers here: metadata never needs more than 53 bits. */
export type Member =
  number | string | StreamedObject | null | Float64Array | readonly (StreamedObject | null)[];

/** An object of a file. Base classes add to the same members. `items` are the elements of a collection. */
export class StreamedObject {
  readonly members = new Map<string, Member>();
  items: (StreamedObject | null)[] = [];
  /** What is no described member, say the buffer of a basket. */
  payload: unknown;

  constructor(readonly className: string) {}

  /** @throws Damage when the member is missing or no number */
  number(name: string): number {
    const value = this.members.get(name);
    if (typeof value !== 'number') throw this.lacks(name, 'number');
    return value;
  }

  /** @throws Damage when the member is missing or no text */
  text(name: string): string {
    const value = this.members.get(name);
    if (typeof value !== 'string') throw this.lacks(name, 'text');
    return value;
  }

  /** @throws Damage when the member is missing or no array of numbers */
  numbers(name: string): Float64Array {
    const value = this.members.get(name);
    if (!(value instanceof Float64Array)) throw this.lacks(name, 'array of numbers');
    return value;
  }

  /** The object that a member holds or points to, undefined when there is none. */
  object(name: string): StreamedObject | undefined {
    const value = this.members.get(name);
    return value instanceof StreamedObject ? value : undefined;
  }

  /** @throws Damage when the member is missing or no collection */
  collection(name: string): readonly (StreamedObject | null)[] {
    const value = this.object(name);
    if (value === undefined) throw this.lacks(name, 'collection');
    return value.items;
  }

  private lacks(name: string, kind: string): Damage {
    return new Damage(`the ${this.className} has no ${kind} ${name}`);
  }
}
