/** The stack machine that a pickle is a program for, reduced to what builds plain data. */
import type { PickleSource } from './pickle-source.ts';
import type { Vocabulary } from './vocabulary.ts';
import type { PickleValue } from './values.ts';
import { kindOf, PickleTuple } from './values.ts';

/** Operations of a file at most: 16 million texts, far more memory than other values would take. */
const MOST_OPERATIONS = 2 ** 25;
/** Lists, tuples, arrays and the like at most; a table has a few for each block of columns. */
const MOST_CONTAINERS = 2 ** 20;
const LARGEST_MEMO_INDEX = 2 ** 25;

/** Stack, marks and memo of one file. */
export class PickleMachine {
  /** Byte at which the operation under way begins. */
  operationStart = 0;
  private stack: PickleValue[] = [];
  private marks: number[] = [];
  private memo: PickleValue[] = [];
  private operations = 0;
  private containers = 0;
  private copiedBytes = 0;

  constructor(
    readonly source: PickleSource,
    readonly vocabulary: Vocabulary,
  ) {}

  error(text: string) {
    return this.source.error(text, this.operationStart);
  }

  /** Opcode of the next operation. */
  nextOperation(): number {
    this.operationStart = this.source.position;
    this.spend(1);
    return this.source.uint8();
  }

  /** Counts steps of work, so that values which a file uses again and again cannot take endless time. */
  spend(steps: number): void {
    this.operations += steps;
    if (this.operations > MOST_OPERATIONS)
      throw this.error(`more than ${MOST_OPERATIONS} operations; ${this.vocabulary.advice}`);
  }

  /** Counts bytes that are copied from the file; each needs to be copied once. */
  spendBytes(count: number): void {
    this.copiedBytes += count;
    if (this.copiedBytes > this.source.size) throw this.error('the same bytes are used again and again');
  }

  push(value: PickleValue): void {
    this.stack.push(value);
  }

  /** Pushes a value that takes memory of its own. */
  pushContainer(value: PickleValue): void {
    if (++this.containers > MOST_CONTAINERS) throw this.error(`more than ${MOST_CONTAINERS} containers`);
    this.stack.push(value);
  }

  pop(): PickleValue {
    this.require(1);
    return this.stack.pop()!;
  }

  top(): PickleValue {
    this.require(1);
    return this.stack[this.stack.length - 1];
  }

  /** The last `count` values in their order, taken from the stack. */
  popMany(count: number): PickleValue[] {
    this.require(count);
    return this.stack.splice(this.stack.length - count);
  }

  mark(): void {
    this.marks.push(this.stack.length);
    if (this.marks.length > MOST_CONTAINERS) throw this.error(`more than ${MOST_CONTAINERS} open marks`);
  }

  /** The values since the last mark. */
  popToMark(): PickleValue[] {
    const start = this.marks.pop();
    if (start === undefined) throw this.error('values since a mark are wanted, but no mark is set');
    return this.stack.splice(start);
  }

  popTuple(): PickleTuple {
    return this.popOf(PickleTuple, 'a tuple');
  }

  /** Takes a value of a class from the stack. */
  popOf<T extends PickleValue & object>(type: new (...args: never[]) => T, expected: string): T {
    const value = this.pop();
    if (!(value instanceof type)) throw this.error(`${kindOf(value)}, expected ${expected}`);
    return value;
  }

  memoize(index = this.memo.length): void {
    if (index > LARGEST_MEMO_INDEX) throw this.error(`memo index ${index} exceeds ${LARGEST_MEMO_INDEX}`);
    this.memo[index] = this.top();
  }

  pushMemo(index: number): void {
    const value = this.memo[index];
    if (value === undefined) throw this.error(`memo ${index} was never set`);
    this.stack.push(value);
  }

  private require(count: number): void {
    const available = this.stack.length - (this.marks[this.marks.length - 1] ?? 0);
    if (available < count) throw this.error(`${count} values of the stack wanted, ${available} are there`);
  }
}
