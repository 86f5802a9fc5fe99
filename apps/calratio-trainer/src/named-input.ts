import { UserError } from '@hep/options';

/** An input of the command line with the name that legends call it. */
export interface NamedInput {
  readonly name: string;
  readonly input: string;
}

/**
 * Reads `name=input` or `input`. The first "=" is the one that counts, since addresses may contain more, and a name has
 * no "/", since an address without name may contain "=", too.
 * @param nameOf name of an input that is given without, from its text and its position
 * @throws UserError when a name or an input is empty, or two inputs have one name
 */
export function namedInputs(
  texts: readonly string[],
  nameOf: (input: string, position: number) => string,
): NamedInput[] {
  const inputs = texts.map((text, position): NamedInput => {
    const [, name, input] = /^([^=/]*)=(.*)$/s.exec(text) ?? [];
    if (name === undefined) return { name: nameOf(text, position), input: text };
    if (name !== '' && input !== '') return { name, input };
    throw new UserError(`input "${text}": expected name=input, or an input alone`);
  });
  requireDistinct(inputs);
  return inputs;
}

/** @throws UserError when two inputs have one name, so that a legend could not tell them apart */
export function requireDistinct(inputs: readonly NamedInput[]): void {
  const twice = inputs.find(({ name }, i) => inputs.findIndex((other) => other.name === name) < i);
  if (twice === undefined) return;
  throw new UserError(`input ${twice.input}: the name ${twice.name} is taken, expected another name=...`);
}
