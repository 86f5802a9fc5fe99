import Papa from 'papaparse';
import { UserError } from '@hep/options/user-error';

/** Splits one line at commas, with quotes as in RFC 4180. Throws UserError on a quote that does not close. */
export function splitLine(text: string, where: string): string[] {
  if (!text.includes('"')) return text.split(',');
  const { data, errors } = Papa.parse<string[]>(text, { delimiter: ',', newline: '\n' });
  if (errors.length > 0)
    throw new UserError(`${where}: ${errors[0].message.toLowerCase()}; quotes must close in their line`);
  return data[0];
}
