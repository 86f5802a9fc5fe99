/**
 * A mistake of the user, told in one line: what is wrong, where (file, row, column, option), what was expected,
 * what to do. Command lines print the message without a stack and exit with code 2.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
}
