/**
 * Expressions over columns in the language of pandas' `query`: arithmetic, chained comparisons, `and`, `or`, `not`
 * (also `&`, `|`, `~` with the same precedence), `in` lists and a few functions. They become a tree, never code.
 */
import { suggestion } from '@hep/options/user-error';
import type { Arithmetic, Comparison, Expression, FunctionName } from './expression.ts';
import { FUNCTIONS } from './expression.ts';
import type { Token } from './tokens.ts';
import { expressionError, tokens } from './tokens.ts';

const DEEPEST = 100;
const COMPARISONS: readonly string[] = ['==', '!=', '<', '<=', '>', '>='];

/**
 * The tree of an expression.
 * @throws UserError with the position where it is not understood
 */
export function parseExpression(text: string): Expression {
  const parser = new Parser(text, tokens(text));
  const expression = parser.disjunction();
  parser.expectEnd();
  return expression;
}

class Parser {
  private index = 0;
  private depth = 0;

  constructor(
    private readonly text: string,
    private readonly list: readonly Token[],
  ) {}

  disjunction(): Expression {
    if (++this.depth > DEEPEST) throw this.error('nested too deep');
    let left = this.conjunction();
    while (this.take('or', '|')) left = { kind: 'or', operands: [left, this.conjunction()] };
    this.depth--;
    return left;
  }

  expectEnd(): void {
    if (this.next.kind !== 'end') throw this.error('an operator such as "and" or "<" is expected');
  }

  private get next(): Token {
    return this.list[this.index];
  }

  private take(...texts: readonly string[]): string | undefined {
    const { kind, text } = this.next;
    if (!texts.includes(text) || kind === 'text') return undefined;
    this.index++;
    return text;
  }

  private expect(text: string): void {
    if (this.take(text) === undefined) throw this.error(`"${text}" is expected`);
  }

  private error(reason: string) {
    return expressionError(this.text, this.next.position, `got ${this.next.text}, ${reason}`);
  }

  private conjunction(): Expression {
    let left = this.negation();
    while (this.take('and', '&')) left = { kind: 'and', operands: [left, this.negation()] };
    return left;
  }

  private negation(): Expression {
    let count = 0;
    while (this.take('not', '~')) count++;
    const expression = this.comparison();
    return count % 2 === 1 ? { kind: 'not', of: expression } : expression;
  }

  /** `a < b < c` is `a < b and b < c`. */
  private comparison(): Expression {
    let left = this.sum();
    let all: Expression | undefined;
    for (;;) {
      const part = this.comparisonWith(left);
      if (part === undefined) return all ?? left;
      all = all === undefined ? part.expression : { kind: 'and', operands: [all, part.expression] };
      left = part.right ?? left;
    }
  }

  private comparisonWith(left: Expression): { expression: Expression; right?: Expression } | undefined {
    const operator = this.take(...COMPARISONS) as Comparison | undefined;
    if (operator !== undefined) {
      const right = this.sum();
      return { expression: { kind: 'comparison', operator, operands: [left, right] }, right };
    }
    if (this.take('in')) return { expression: this.membership(left) };
    if (this.next.text !== 'not' || this.list[this.index + 1].text !== 'in') return undefined;
    this.index += 2;
    return { expression: { kind: 'not', of: this.membership(left) } };
  }

  private membership(left: Expression): Expression {
    this.expect('[');
    let any: Expression | undefined;
    do {
      const one: Expression = { kind: 'comparison', operator: '==', operands: [left, this.sum()] };
      any = any === undefined ? one : { kind: 'or', operands: [any, one] };
    } while (this.take(','));
    this.expect(']');
    return any;
  }

  private sum(): Expression {
    let left = this.product();
    for (let operator = this.take('+', '-'); operator !== undefined; operator = this.take('+', '-')) {
      left = { kind: 'arithmetic', operator: operator as Arithmetic, operands: [left, this.product()] };
    }
    return left;
  }

  private product(): Expression {
    let left = this.signed();
    for (;;) {
      const operator = this.take('*', '/', '//', '%');
      if (operator === undefined) return left;
      left = { kind: 'arithmetic', operator: operator as Arithmetic, operands: [left, this.signed()] };
    }
  }

  private signed(): Expression {
    let count = 0;
    for (let sign = this.take('-', '+'); sign !== undefined; sign = this.take('-', '+')) {
      if (sign === '-') count++;
    }
    const expression = this.power();
    return count % 2 === 1 ? { kind: 'negative', of: expression } : expression;
  }

  private power(): Expression {
    if (++this.depth > DEEPEST) throw this.error('nested too deep');
    const base = this.value();
    const result: Expression = this.take('**')
      ? { kind: 'arithmetic', operator: '**', operands: [base, this.signed()] }
      : base;
    this.depth--;
    return result;
  }

  private value(): Expression {
    const { kind, text, position } = this.next;
    if (this.take('(')) {
      const inner = this.disjunction();
      this.expect(')');
      return inner;
    }
    if (kind === 'sign' || kind === 'end' || ['and', 'or', 'not', 'in'].includes(text)) {
      throw this.error('a number, a column or "(" is expected');
    }
    this.index++;
    if (kind === 'number') return { kind, value: Number(text), text };
    if (kind === 'text') return { kind, value: text.slice(1, -1) };
    if (this.take('(')) return this.call(text, position);
    return { kind: 'column', name: text.replace(/^`|`$/g, ''), position };
  }

  private call(name: string, position: number): Expression {
    const known = Object.keys(FUNCTIONS);
    if (!Object.hasOwn(FUNCTIONS, name)) {
      const hint = suggestion(name, known) || `, expected one of ${known.join(', ')}`;
      throw expressionError(this.text, position, `unknown function ${name}${hint}`);
    }
    const of = this.disjunction();
    this.expect(')');
    return { kind: 'function', name: name as FunctionName, of };
  }
}
