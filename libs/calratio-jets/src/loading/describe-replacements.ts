import type { Replacement } from './jet-columns-builder.ts';

const NAMED = 5;

/**
 * One line on values that are not finite, by column with the first row of each; undefined when there are none.
 * @param fate what becomes of them, say `became 0`
 */
export function describeReplacements(replacements: readonly Replacement[], fate: string): string | undefined {
  if (replacements.length === 0) return undefined;
  const total = replacements.reduce((sum, { count }) => sum + count, 0);
  const named = replacements
    .slice(0, NAMED)
    .map(({ column, count, first }) => `${column} ${count} (first in ${first.path} row ${first.row})`);
  const more = replacements.length > NAMED ? ` and ${replacements.length - NAMED} more columns` : '';
  return `${total} values that are not finite ${fate}: ${named.join(', ')}${more}`;
}
