/** Expressions over columns as trees. */

/** Operators of two numbers that give one. */
export type Arithmetic = '+' | '-' | '*' | '/' | '//' | '%' | '**';

/** Operators of two numbers, or two texts, that give yes or no. */
export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** Functions of one number. */
export const FUNCTIONS = {
  abs: Math.abs,
  sqrt: Math.sqrt,
  exp: Math.exp,
  log: Math.log,
  log10: Math.log10,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  floor: Math.floor,
  ceil: Math.ceil,
} as const;

/** One of these. */
export type FunctionName = keyof typeof FUNCTIONS;

/** An expression. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number; readonly text: string }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'column'; readonly name: string; readonly position: number }
  | { readonly kind: 'negative' | 'not'; readonly of: Expression }
  | { readonly kind: 'function'; readonly name: FunctionName; readonly of: Expression }
  | {
      readonly kind: 'arithmetic';
      readonly operator: Arithmetic;
      readonly operands: readonly [Expression, Expression];
    }
  | {
      readonly kind: 'comparison';
      readonly operator: Comparison;
      readonly operands: readonly [Expression, Expression];
    }
  | { readonly kind: 'and' | 'or'; readonly operands: readonly [Expression, Expression] };
