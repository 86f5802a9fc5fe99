/** The fixed table of what a kind of pickle may name. Nothing is looked up anywhere else. */
import type { PickleMachine } from './pickle-machine.ts';
import type { PickleValue } from './values.ts';
import { PickleGlobal } from './values.ts';

/** What a global does when it is called with arguments. */
export type GlobalCall = (machine: PickleMachine, items: readonly PickleValue[]) => PickleValue;

/** One global. */
export interface GlobalRow {
  /** Names `module.name` over the versions of the libraries that write it. */
  readonly names: readonly string[];
  /** Missing: the global only stands as an argument. */
  readonly call?: GlobalCall;
  /** What `cls.__new__` makes of it. */
  readonly create?: () => PickleValue;
}

/** What a kind of pickle may name, and what that makes. */
export interface Vocabulary {
  /** What such a file holds one of, for messages. */
  readonly noun: string;
  /** What is read from such files. */
  readonly content: string;
  /** What to do with a file that is refused. */
  readonly advice: string;
  readonly globals: ReadonlyMap<string, GlobalRow>;
  /** Fills an object with its saved state. */
  readonly setState: (machine: PickleMachine, object: PickleValue, state: PickleValue) => void;
  /** The outside object of a persistent id; missing where such files have none. */
  readonly persistent?: (machine: PickleMachine, id: PickleValue) => PickleValue;
}

/** Rows by each of their names. */
export function globalsByName(rows: readonly GlobalRow[]): ReadonlyMap<string, GlobalRow> {
  return new Map(rows.flatMap((row) => row.names.map((name): [string, GlobalRow] => [name, row])));
}

/**
 * The global of a name.
 * @throws UserError that names any other global
 */
export function globalNamed(machine: PickleMachine, module: string, name: string): PickleGlobal {
  const full = `${module}.${name}`;
  const { globals, content, advice } = machine.vocabulary;
  if (globals.has(full)) return new PickleGlobal(full);
  throw machine.error(`forbidden global ${full}; only ${content} are read, never code; ${advice}`);
}

/** What a call of a global gives. */
export function callGlobal(machine: PickleMachine, { name }: PickleGlobal, items: readonly PickleValue[]) {
  const { globals, noun } = machine.vocabulary;
  const call = globals.get(name)?.call;
  if (call === undefined) throw machine.error(`${name} is called, which no ${noun} needs`);
  return call(machine, items);
}

/** An object of a class as its `__new__` makes it. */
export function createFrom(machine: PickleMachine, { name }: PickleGlobal, items: readonly PickleValue[]) {
  const { globals, noun } = machine.vocabulary;
  const create = globals.get(name)?.create;
  if (create === undefined || items.length > 0) {
    throw machine.error(`an object of ${name} with ${items.length} arguments, which no ${noun} needs`);
  }
  return create();
}
