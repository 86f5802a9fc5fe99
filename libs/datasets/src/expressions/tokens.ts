import { UserError } from '@hep/options/user-error';

/** A piece of an expression and where it begins. */
export interface Token {
  readonly kind: 'number' | 'text' | 'name' | 'sign' | 'end';
  readonly text: string;
  readonly position: number;
}

const LONGEST = 2000;
const SPACE = /^\s+/;
const PATTERNS: readonly (readonly [Token['kind'], RegExp])[] = [
  ['number', /^(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?/],
  ['name', /^([A-Za-z_][A-Za-z0-9_.]*|`[^`]+`)/],
  ['text', /^("[^"]*"|'[^']*')/],
  ['sign', /^(\*\*|\/\/|==|!=|<=|>=|[-+*/%<>()[\],&|~])/],
];

/**
 * Splits an expression into its pieces, an `end` last.
 * @throws UserError with the position of a character that fits nowhere
 */
export function tokens(text: string): Token[] {
  if (text.length > LONGEST)
    throw new UserError(`expression of ${text.length} characters, at most ${LONGEST}`);
  const found: Token[] = [];
  let position = 0;
  for (;;) {
    position += SPACE.exec(text.slice(position))?.[0].length ?? 0;
    const rest = text.slice(position);
    if (rest === '') return [...found, { kind: 'end', text: 'the end', position }];
    const match = PATTERNS.map(([kind, pattern]) => ({ kind, text: pattern.exec(rest)?.[0] })).find(
      (candidate) => candidate.text !== undefined,
    );
    if (match?.text === undefined) throw expressionError(text, position, `"${rest[0]}" has no meaning here`);
    found.push({ kind: match.kind, text: match.text, position });
    position += match.text.length;
  }
}

/** `expression "a >", character 4: ...` */
export function expressionError(text: string, position: number, reason: string): UserError {
  return new UserError(`expression "${text}", character ${position + 1}: ${reason}`);
}
