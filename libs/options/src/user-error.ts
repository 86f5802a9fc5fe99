/** Characters of a message, above those of any list of names that is told: the beginning, and the end, where advice is. */
const LONGEST = 2000;
const LAST = 300;

/** Text that may hold names from a hostile file, as one line of moderate length that no terminal takes for commands. */
export function printable(text: string): string {
  const line = text.replace(/\s*\n\s*/g, ' ').replace(/[\p{Cc}\u2028\u2029\ufffd]+/gu, '?');
  return line.length > LONGEST ? `${line.slice(0, LONGEST - LAST)} ... ${line.slice(-LAST)}` : line;
}

/**
 * A mistake of the user, told in one printable line: what is wrong, where (file, row, column, option), what was expected,
 * what to do. Command lines print the message without a stack and exit with code 2.
 */
export class UserError extends Error {
  override readonly name = 'UserError';

  constructor(message: string, options?: ErrorOptions) {
    super(printable(message), options);
  }
}

/**
 * A run that ended without its result although input and program are right, say a training that diverged; told in one
 * line. Command lines print the message without a stack and exit with code 1.
 */
export class RunFailure extends Error {
  override readonly name: string = 'RunFailure';
}

/** Whether an error tells a mistake of the user; also when it came out of a worker thread and lost its class. */
export function isUserError(error: unknown): error is Error {
  return typeof error === 'object' && error !== null && 'name' in error && error.name === 'UserError';
}

export { nearestName, suggestion, withSuggestion } from './nearest.ts';
