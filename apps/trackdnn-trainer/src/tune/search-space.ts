/** What a search of track networks may choose. */
import { readFile } from 'node:fs/promises';
import { readSpace } from '@hep/hyperband';
import type { SearchSpace } from '@hep/hyperband';
import { UserError } from '@hep/options';
import { trainOptions } from '../options.ts';

/** The space of the reference; its learning rate is fixed. */
const REFERENCE_SPACE = `
activation: { choice: [relu, swish] }
layers: { integer: [3, 10] }
one-hot-iteration: boolean
hidden-units: { choice: [256, 128, 64, 32], times: layers }
`;

/** Options of a training that change the network or how it is trained, and not what it is judged by. */
const PARAMETERS = [
  ...['hidden-units', 'activation', 'one-hot-iteration', 'output-bias'],
  ...['pt-weights', 'balance-classes', 'batch-size', 'learning-rate'],
];

/**
 * The space of a file, or that of the reference.
 * @throws UserError for a file that cannot be read or is no space
 */
export async function searchSpace(path: string | undefined): Promise<SearchSpace> {
  return readSpace(path === undefined ? REFERENCE_SPACE : await textOf(path), path ?? 'default space', {
    parameters: PARAMETERS,
    counters: ['layers'],
    check: trainOptions.check,
  });
}

async function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UserError(
      `option --space ${path}: cannot be read (${error.code ?? error.message}), expected a YAML file`,
    );
  });
}
