import { UserError } from '@hep/options/user-error';

/**
 * Splits one line at commas, with quotes as in RFC 4180.
 * @throws UserError with `where` and the column for a quote that does not close in the line, or with something behind it
 */
export function splitLine(text: string, where: string): string[] {
  if (!text.includes('"')) return text.split(',');
  const fields: string[] = [];
  for (let start = 0; start <= text.length;) {
    const { content, end } = text[start] === '"' ? quotedField(text, start) : plainField(text, start);
    if (content === undefined) {
      throw new UserError(
        `${where}, column ${fields.length + 1}: a quote that does not end the field in its line; close it, or write two for one in a text`,
      );
    }
    fields.push(content);
    start = end + 1;
  }
  return fields;
}

interface Field {
  /** Undefined where the quotes are wrong. */
  readonly content: string | undefined;
  /** Position of the comma behind it, or the length of the line. */
  readonly end: number;
}

function plainField(text: string, start: number): Field {
  const comma = text.indexOf(',', start);
  const end = comma < 0 ? text.length : comma;
  return { content: text.slice(start, end), end };
}

function quotedField(text: string, start: number): Field {
  let quote = text.indexOf('"', start + 1);
  while (quote >= 0 && text[quote + 1] === '"') quote = text.indexOf('"', quote + 2);
  if (quote < 0) return { content: undefined, end: text.length };
  const { content: rest, end } = plainField(text, quote + 1);
  const isAlone = /^[ \t\r]*$/.test(rest!);
  return { content: isAlone ? text.slice(start + 1, quote).replaceAll('""', '"') : undefined, end };
}
