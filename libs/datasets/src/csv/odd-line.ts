/** Lines that are no plain numbers in the right number of columns: quoted, with blanks or long numbers, or wrong. */
import { UserError } from '@hep/options/user-error';
import type { FileLayout, NumberCheck } from './columns.ts';
import { decimalFromText } from './decimal.ts';
import { splitLine } from './split-line.ts';

/** What to do about a line that cannot be read. */
const REPAIR = '; correct the line or remove it';

const checkText: Record<NumberCheck, string> = {
  'non-negative': 'a finite number, at least 0',
  finite: 'a finite number',
  missing: 'a finite number or nothing',
};

/**
 * The fields of a line, one for each column.
 * @throws UserError with `where` when there are more or less
 */
export function lineFields(text: string, { columnNames, hasHeader }: FileLayout, where: string): string[] {
  const fields = splitLine(text, where);
  if (fields.length === columnNames.length) return fields;
  throw new UserError(
    `${where}: ${fields.length} columns, expected ${columnNames.length}` +
      (hasHeader ? ' as in the header' : ' as in the first line') +
      REPAIR,
  );
}

/**
 * The number in a field, NaN for a missing one where that is allowed.
 * @param isFloat32 what it is stored as, which must be able to hold it
 * @param where names line and column in errors
 * @throws UserError when it is no number that passes the check
 */
export function fieldNumber(
  text: string,
  check: NumberCheck,
  isFloat32: boolean,
  where: () => string,
): number {
  if (check === 'missing' && /^\s*(nan|na|null|none)?\s*$/i.test(text)) return NaN;
  const value = decimalFromText(text);
  if (isAcceptable(isFloat32 ? Math.fround(value) : value, check)) return value;
  const shown = text.trim() === '' ? 'nothing' : `"${text.trim().slice(0, 40)}"`;
  throw new UserError(`${where()}: got ${shown}, expected ${checkText[check]}${REPAIR}`);
}

function isAcceptable(value: number, check: NumberCheck): boolean {
  return Number.isFinite(value) && (check !== 'non-negative' || value >= 0);
}
