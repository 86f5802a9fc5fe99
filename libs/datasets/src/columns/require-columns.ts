import { suggestion, UserError, withSuggestion } from '@hep/options/user-error';
import type { RowRange } from './column.ts';

/** Missing columns that a message names one by one. */
const NAMED = 20;

/**
 * Checks that a table has the columns that are wanted.
 * @throws UserError that names the missing ones in their order, with the nearest present name when one alone is missing
 */
export function requireColumns(path: string, present: Iterable<string>, wanted: readonly string[]): void {
  const names = new Set(present);
  const missing = [...new Set(wanted)].filter((name) => !names.has(name));
  if (missing.length === 0) return;
  const listed = missing.slice(0, NAMED).join(', ');
  const more = missing.length > NAMED ? ` and ${missing.length - NAMED} more` : '';
  const hint = missing.length === 1 ? suggestion(missing[0], [...names]) : '';
  const what = missing.length === 1 ? 'column' : `${missing.length} columns`;
  throw new UserError(`${path}: ${what} missing of ${names.size} present: ${listed}${more}${hint}`);
}

/**
 * Checks that an ntuple has the branches that are needed.
 * @param advice what to do about missing ones
 * @throws UserError that lists all missing branches, each with the nearest name that is there and nothing else's
 */
export function requireBranches(
  path: string,
  present: readonly string[],
  needed: readonly string[],
  advice: string,
): void {
  const missing = needed.filter((name) => !present.includes(name));
  if (missing.length === 0) return;
  const others = present.filter((name) => !needed.includes(name));
  const listed = missing.map((name) => withSuggestion(name, others)).join(', ');
  throw new UserError(`${path}: ${missing.length} of ${needed.length} branches missing: ${listed}; ${advice}`);
}

/** The rows to read: `range` cut to the rows of the file; all without a range. */
export function rowsWithin(rows: number, range: RowRange | undefined): RowRange {
  const first = Math.min(Math.max(0, range?.first ?? 0), rows);
  return { first, end: Math.min(Math.max(first, range?.end ?? rows), rows) };
}
