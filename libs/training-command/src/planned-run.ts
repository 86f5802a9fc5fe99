/** Where a run goes: a free folder, or on with the run that is there. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { engineVersions } from '@hep/engine';
import type { CliOutput, Declarations, OptionSet, Resolved } from '@hep/options';
import { createRunDirectory, openRunDirectory, requireFree, requireSameInputs } from '@hep/training';
import type { InputFile, RunDescription, RunDirectory } from '@hep/training';
import { isFinished, saveConfig } from './folder.ts';

/** A run directory before anything is written to it. */
export interface PlannedRun {
  readonly path: string;
  /** Data, and whatever else the run is made from. */
  readonly inputs: readonly InputFile[];
  /** The run to go on with; null for a new one. */
  readonly earlier: RunDirectory | null;
  /** Whether nothing is left to do. */
  readonly isFinished: boolean;
}

/** What the training of one network is made of. */
export interface RunContext<Options, Samples> {
  readonly options: Options;
  readonly samples: Samples;
  readonly plan: PlannedRun;
  readonly signal: AbortSignal;
  readonly output: CliOutput;
}

/** The options that say whether a run is a new one. */
export interface PlanOptions {
  readonly epochs: number;
  readonly resume?: string | undefined;
  readonly force?: boolean;
}

/**
 * Finds out where a run goes before any work is done. Runs that are there stay as they are.
 * @throws UserError when the folder is taken, or when the run to resume began with other files
 */
export async function planRun(
  path: string,
  { epochs, resume, force = false }: PlanOptions,
  inputs: readonly InputFile[],
): Promise<PlannedRun> {
  if (resume === undefined || !existsSync(join(path, 'run.json'))) {
    await requireFree(path, force);
    return { path, inputs, earlier: null, isFinished: false };
  }
  const earlier = await openRunDirectory(path);
  const nothingIsLeft = isFinished(earlier.record, { epochs });
  try {
    requireSameInputs(earlier.record.inputs, inputs);
    if (nothingIsLeft) await earlier.release();
  } catch (error) {
    await earlier.release();
    throw error;
  }
  return { path, inputs, earlier, isFinished: nothingIsLeft };
}

/** What `openRun` records of a new run beside its inputs and the versions of the engines. */
export interface OpenedRun extends Pick<RunDescription, 'config' | 'seed' | 'versions'> {
  /** Replaces a run that is there. */
  readonly force?: boolean;
}

/**
 * The directory of a run: a new one, or the earlier one with the options that count from now on.
 * @throws UserError as `createRunDirectory`
 */
export async function openRun(
  { path, inputs, earlier }: PlannedRun,
  { config, seed, versions, force = false }: OpenedRun,
): Promise<RunDirectory> {
  if (earlier !== null) {
    await saveConfig(path, config);
    return earlier;
  }
  const all = { ...versions, ...engineVersions };
  return createRunDirectory(path, { config, seed, versions: all, inputs }, { force });
}

/** The options that repeat a command when `--config` reads them; replacing results must be asked for anew. */
export function configOf<D extends Declarations>(set: OptionSet<D>, options: Resolved<D>): string {
  return set.toYaml({ ...options, resume: undefined, force: false });
}
