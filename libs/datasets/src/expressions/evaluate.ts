/** Values of expressions over the rows of a table, column by column. */
import { UserError } from '@hep/options/user-error';
import type { ColumnTable } from '../columns/column.ts';
import type { Arithmetic, Comparison, Expression } from './expression.ts';
import { FUNCTIONS } from './expression.ts';

type Integers = BigInt64Array | BigUint64Array;

/** Values of an expression: a column or the same in every row. Integers of 64 bits stay exact as long as they are alone. */
type Value =
  | { readonly kind: 'reals'; readonly at: (row: number) => number }
  | { readonly kind: 'integers'; readonly at: (row: number) => bigint }
  | { readonly kind: 'texts'; readonly at: (row: number) => string }
  | { readonly kind: 'truths'; readonly at: (row: number) => boolean };

/**
 * Whether an expression is true, by row.
 * @throws UserError where texts and numbers are mixed, or the expression is no yes or no
 */
export function truthByRow(expression: Expression, table: ColumnTable): (row: number) => boolean {
  const value = evaluate(expression, table);
  return truth(value);
}

function evaluate(expression: Expression, table: ColumnTable): Value {
  switch (expression.kind) {
    case 'number':
      return /^\d+$/.test(expression.text)
        ? constantInteger(BigInt(expression.text))
        : { kind: 'reals', at: () => expression.value };
    case 'text':
      return { kind: 'texts', at: () => expression.value };
    case 'column':
      return column(table, expression.name);
    case 'negative':
      return negative(evaluate(expression.of, table));
    case 'not': {
      const of = truth(evaluate(expression.of, table));
      return { kind: 'truths', at: (row) => !of(row) };
    }
    case 'function': {
      const of = real(evaluate(expression.of, table));
      const apply = FUNCTIONS[expression.name];
      return { kind: 'reals', at: (row) => apply(of(row)) };
    }
    case 'arithmetic':
      return arithmetic(expression.operator, ...both(expression.operands, table));
    case 'comparison':
      return { kind: 'truths', at: comparison(expression.operator, ...both(expression.operands, table)) };
    default: {
      const [left, right] = both(expression.operands, table).map(truth);
      const isAnd = expression.kind === 'and';
      return { kind: 'truths', at: (row) => (isAnd ? left(row) && right(row) : left(row) || right(row)) };
    }
  }
}

function both(operands: readonly [Expression, Expression], table: ColumnTable): [Value, Value] {
  return [evaluate(operands[0], table), evaluate(operands[1], table)];
}

function constantInteger(value: bigint): Value {
  return { kind: 'integers', at: () => value };
}

function column({ columns }: ColumnTable, name: string): Value {
  const found = columns.get(name);
  if (found?.kind === 'text') return { kind: 'texts', at: (row) => found.values[row] };
  if (found?.kind !== 'flat') throw new UserError(`column ${name} holds lists, expected one value a row`);
  const { values } = found;
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) {
    const integers: Integers = values;
    return { kind: 'integers', at: (row) => integers[row] };
  }
  return { kind: 'reals', at: (row) => values[row] };
}

function negative(value: Value): Value {
  if (value.kind === 'integers') return { kind: 'integers', at: (row) => -value.at(row) };
  const of = real(value);
  return { kind: 'reals', at: (row) => -of(row) };
}

/** Remainders have the sign of the divisor and `//` rounds down, as in Python. */
function arithmetic(operator: Arithmetic, left: Value, right: Value): Value {
  if (left.kind === 'integers' && right.kind === 'integers' && operator !== '/' && operator !== '**') {
    return { kind: 'integers', at: (row) => integerResult(operator, left.at(row), right.at(row)) };
  }
  const [a, b] = [real(left), real(right)];
  const apply = REAL[operator];
  return { kind: 'reals', at: (row) => apply(a(row), b(row)) };
}

const REAL: Readonly<Record<Arithmetic, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '//': (a, b) => Math.floor(a / b),
  '%': (a, b) => a - b * Math.floor(a / b),
  '**': (a, b) => a ** b,
};

function integerResult(operator: '+' | '-' | '*' | '//' | '%', a: bigint, b: bigint): bigint {
  if (operator === '+') return a + b;
  if (operator === '-') return a - b;
  if (operator === '*') return a * b;
  if (b === 0n) throw new UserError(`expression: ${a} ${operator} 0, expected a divisor other than 0`);
  const remainder = ((a % b) + b) % b;
  return operator === '%' ? remainder : (a - remainder) / b;
}

const COMPARE: Readonly<
  Record<Comparison, (a: number | bigint | string, b: number | bigint | string) => boolean>
> = {
  // integers equal reals of the same value
  '==': (a, b) => a == b, // eslint-disable-line eqeqeq
  '!=': (a, b) => a != b, // eslint-disable-line eqeqeq
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

function comparison(operator: Comparison, left: Value, right: Value): (row: number) => boolean {
  if ((left.kind === 'texts') !== (right.kind === 'texts')) {
    throw new UserError(`expression: a text is compared with a number by ${operator}`);
  }
  const [a, b] = [left, right].map((value) => (value.kind === 'truths' ? real(value) : value.at));
  const compare = COMPARE[operator];
  return (row) => compare(a(row), b(row));
}

function real(value: Value): (row: number) => number {
  if (value.kind === 'texts') throw new UserError('expression: a text stands where a number is expected');
  if (value.kind === 'reals') return value.at;
  return (row) => Number(value.at(row));
}

function truth(value: Value): (row: number) => boolean {
  if (value.kind === 'truths') return value.at;
  throw new UserError(
    'expression: a number or text stands where a condition is expected; compare it, as in "x > 0"',
  );
}
