/** Networks that a command line names. */
import { basename } from 'node:path';
import { readNetworkFile } from '@hep/model-files';
import type { ReadNetwork } from '@hep/model-files';
import { option } from '@hep/options';
import { z } from 'zod';

/** Options that name a network. */
export const sourceOptions = {
  network: option({
    schema: z.string(),
    describe:
      'file of a network: .keras, whole HDF5, frugally-deep JSON, or architecture JSON with --weights',
  }),
  weights: option({
    schema: z.string().optional(),
    describe: 'HDF5 weights, where --network is an architecture JSON',
  }),
};

/** Where a network comes from. */
export interface NetworkSource {
  readonly network: string;
  readonly weights?: string | undefined;
}

/** A network with the name that stands for it in files and reports. */
export interface NamedNetwork extends ReadNetwork {
  readonly name: string;
}

/** @throws UserError when it cannot be read */
export async function readSource({ network, weights }: NetworkSource): Promise<NamedNetwork> {
  return { name: basename(network), ...(await readNetworkFile(network, weights)) };
}
