/**
 * A word that every POSIX shell reads as exactly this text.
 * @throws RangeError when the text has a NUL character, which no argument can hold
 */
export function shellQuote(text: string): string {
  if (text.includes('\0')) throw new RangeError('an argument cannot hold a NUL character');
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
