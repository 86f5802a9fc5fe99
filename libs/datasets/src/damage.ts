import { UserError } from '@hep/options/user-error';

/** Bytes that do not mean what they should. Readers throw it without a place; `atPlace` adds one. */
export class Damage extends Error {
  override readonly name = 'Damage';

  /** @param row counted in the part that was read, where one alone is concerned */
  constructor(
    message: string,
    readonly row?: number,
  ) {
    super(message);
  }
}

/** Contents that are sound but that this reader does not know. */
export class Unsupported extends Damage {}

/**
 * Runs an action on untrusted bytes and tells its `Damage`, and sizes that no memory holds, as a UserError that begins
 * with the place, say `a.root: branch 'pt', entries 0 to 99`.
 * @param place or what makes it of the number of the row, where that is known
 */
export async function atPlace<T>(
  place: string | ((row: number | undefined) => string),
  action: () => Promise<T> | T,
): Promise<T> {
  try {
    return await action();
  } catch (error) {
    const told = (message: string, row?: number) =>
      new UserError(`${typeof place === 'string' ? place : place(row)}: ${message}`);
    if (error instanceof Damage) throw told(error.message, error.row);
    if (isOutOfMemory(error)) throw told('does not fit into memory, read fewer rows or columns at a time');
    throw error;
  }
}

function isOutOfMemory(error: unknown): boolean {
  const { name, message } = error as Partial<Error>;
  return (
    name === 'RangeError' &&
    /allocation failed|Invalid (typed )?array length|out of range/i.test(message ?? '')
  );
}
