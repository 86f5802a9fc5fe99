/** A GraphDef that cannot be read or run: one line that names the node where there is one. */
export class GraphDefError extends Error {
  override readonly name = 'GraphDefError';
}

/** Longest piece of a file's own text that a message repeats. */
const LONGEST_QUOTE = 120;

/** A name from the file as messages show it: one line, not too long. */
export function quoted(name: string): string {
  const printable = name.replace(/[^\x20-\x7e]/gu, '?');
  return `"${printable.length > LONGEST_QUOTE ? `${printable.slice(0, LONGEST_QUOTE)}...` : printable}"`;
}
