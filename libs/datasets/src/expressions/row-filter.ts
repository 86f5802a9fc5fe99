import { UserError, withSuggestion } from '@hep/options/user-error';
import type { ColumnTable } from '../columns/column.ts';
import { truthByRow } from './evaluate.ts';
import type { Expression } from './expression.ts';
import { parseExpression } from './parse.ts';

/** Chooses rows of tables by an expression over their columns. */
export interface RowFilter {
  /** Columns that the expression names, each once. */
  readonly columns: readonly string[];
  /**
   * Rows of a table, rising, for which the expression is true.
   * @throws UserError where texts and numbers are mixed
   */
  rows(table: ColumnTable): Int32Array;
}

/**
 * A filter from an expression such as `eventNumber % 2 == 1 and abs(jet_eta) < 2.5`, in the language of pandas' `query`.
 * @throws UserError with the position where the expression is not understood
 */
export function rowFilter(text: string): RowFilter {
  const expression = parseExpression(text);
  return {
    columns: [...new Set(namesIn(expression))],
    rows: (table) => {
      const isTrue = truthByRow(expression, table);
      const rows = new Int32Array(table.rows);
      let count = 0;
      for (let row = 0; row < table.rows; row++) if (isTrue(row)) rows[count++] = row;
      return rows.subarray(0, count);
    },
  };
}

/**
 * Checks that a table has the columns of a filter.
 * @throws UserError that lists all unknown ones, each with the nearest name
 */
export function requireFilterColumns(path: string, { columns }: RowFilter, present: readonly string[]): void {
  const unknown = columns.filter((name) => !present.includes(name));
  if (unknown.length === 0) return;
  const listed = unknown.map((name) => withSuggestion(name, present));
  throw new UserError(`${path}: unknown column in the expression: ${listed.join(', ')}`);
}

function namesIn(expression: Expression): string[] {
  switch (expression.kind) {
    case 'column':
      return [expression.name];
    case 'number':
    case 'text':
      return [];
    case 'negative':
    case 'not':
    case 'function':
      return namesIn(expression.of);
    default:
      return expression.operands.flatMap(namesIn);
  }
}
