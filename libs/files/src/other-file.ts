import { realpath } from 'node:fs/promises';
import { UserError } from '@hep/options/user-error';

/** @throws UserError when a file to write is one of those to read, which it would replace */
export async function requireOtherFile(output: string, inputs: readonly string[]): Promise<void> {
  const whereItIs = (path: string) => realpath(path).catch(() => undefined);
  const target = await whereItIs(output);
  if (target === undefined) return;
  for (const input of inputs) {
    if ((await whereItIs(input)) === target)
      throw new UserError(`${output}: is an input, which it would replace; choose another output`);
  }
}
