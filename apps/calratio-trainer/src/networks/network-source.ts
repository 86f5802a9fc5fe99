/** Networks that a command line names. */
import { basename, dirname } from 'node:path';
import { givenRunPath } from '@hep/calratio-training';
import { readArchitecture, networkFromModel, readNetworkFile } from '@hep/model-files';
import type { ReadNetwork } from '@hep/model-files';
import type { Network } from '@hep/nn';
import { option, UserError } from '@hep/options';
import { z } from 'zod';
import { isRun, networkOfRun } from './run-network.ts';

/** Options that name a network. */
export const sourceOptions = {
  network: option({
    schema: z.string(),
    describe:
      'directory of a run (FOLDER/-1: the last run in it), RUN/EPOCH for one of its epochs, or a file: .keras, whole HDF5, frugally-deep JSON, ' +
      'architecture JSON with --weights',
  }),
  weights: option({
    schema: z.string().optional(),
    describe: 'HDF5 weights, where the network is an architecture JSON',
  }),
};

/** Where a network comes from. */
export interface NetworkSource {
  readonly network: string;
  readonly weights?: string | undefined;
}

/** A network with the name that stands for it in reports. */
export interface NamedNetwork extends ReadNetwork {
  readonly name: string;
}

/** @throws UserError when it cannot be read */
export async function readSource(
  { network, weights }: NetworkSource,
  notice: (text: string) => void,
): Promise<NamedNetwork> {
  const run = await runOf(network);
  if (run === undefined) return { name: basename(network), ...(await readNetworkFile(network, weights)) };
  if (weights === undefined) return { name: network, ...(await networkOfRun(run.path, run.epoch, notice)) };
  throw new UserError(`option --weights: ${network} is a run, which has its own weights; leave one away`);
}

/** The layers alone, for which a file needs no weights. */
export async function readLayers(network: string, notice: (text: string) => void): Promise<Network> {
  return (await runOf(network)) === undefined
    ? networkFromModel(await readArchitecture(network))
    : (await readSource({ network }, notice)).model.network;
}

interface Run {
  readonly path: string;
  readonly epoch: number | undefined;
}

/** `RUN` or `RUN/EPOCH`; undefined for what is no run. */
async function runOf(given: string): Promise<Run | undefined> {
  const path = await givenRunPath(given);
  if (isRun(path)) return { path, epoch: undefined };
  const epoch = basename(path);
  if (!/^\d+$/.test(epoch)) return undefined;
  const parent = await givenRunPath(dirname(path));
  return isRun(parent) ? { path: parent, epoch: Number(epoch) } : undefined;
}
