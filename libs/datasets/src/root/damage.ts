import { UserError } from '@hep/options/user-error';

/** Bytes that do not mean what they should. Readers throw it without a place; `atPlace` adds one. */
export class Damage extends Error {
  override readonly name = 'Damage';
}

/** Contents that are sound but that this reader does not know. */
export class Unsupported extends Damage {}

/**
 * Runs an action on untrusted bytes and tells its `Damage` as a UserError that begins with the place, say
 * `a.root: branch 'pt', entries 0 to 99`.
 */
export async function atPlace<T>(place: string, action: () => Promise<T> | T): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof Damage) throw new UserError(`${place}: ${error.message}`);
    if (isOutOfMemory(error)) {
      throw new UserError(`${place}: does not fit into memory, read fewer rows or columns at a time`);
    }
    throw error;
  }
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof RangeError && /allocation failed|Invalid typed array length/i.test(error.message);
}
