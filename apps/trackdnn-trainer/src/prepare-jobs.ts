/** Preparation by jobs of a batch system that share the files. */
import { createHash } from 'node:crypto';
import { readFile, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isEnded, runArray } from '@hep/batch-jobs';
import type { Batch, JobReport } from '@hep/batch-jobs';
import { atomicWrite, withLock } from '@hep/files';
import { RunFailure, UserError } from '@hep/options';
import type { CliOutput } from '@hep/options';
import { stoppable } from '@hep/training-command';

/** What the jobs share. */
export interface PreparationJobs {
  readonly batch: Batch;
  readonly jobs: number;
  /** Folder of the shards. */
  readonly output: string;
  /** Options of a job as YAML, without its number. */
  readonly config: string;
}

/** Exit code of a command line for a mistake of the user. */
const USER_ERROR = 2;

/**
 * Lets every job prepare its share of the files; jobs that an earlier, killed process submitted are taken up.
 * @returns the exit code
 * @throws UserError when the batch system refuses, and what a job says about a mistake of the user
 * @throws RunFailure when a job fails otherwise, or gets lost too often
 */
export async function prepareByJobs(preparation: PreparationJobs, output: CliOutput): Promise<number> {
  const folder = resolve(preparation.output, 'jobs');
  const done = await withLock(folder, () =>
    stoppable(
      output,
      async (signal) => {
        const reports = await run(preparation, folder, signal, output);
        if (!reports.every(({ state }) => isEnded(state))) return 'interrupted';
        await requireSuccess(reports, folder);
        return 'finished';
      },
      'jobs go on, and the same command takes them up; Ctrl-C again to stop at once',
    ),
  );
  if (done !== undefined) return done.result;
  throw new UserError(`${folder}: another process watches these jobs; wait for it`);
}

async function run(
  { batch, jobs, config }: PreparationJobs,
  folder: string,
  signal: AbortSignal,
  { out }: CliOutput,
): Promise<readonly JobReport[]> {
  const { resources, ...settings } = batch;
  // The name tells its content, so that jobs of other options are not taken for these.
  const path = join(folder, `prepare-${createHash('sha256').update(config).digest('hex').slice(0, 12)}.yaml`);
  await atomicWrite(path, config);
  const program = [process.execPath, resolve(process.argv[1]), 'prepare', '--config', path];
  const commands = Array.from({ length: jobs }, (_, job) => [...program, '--job', `${job + 1}/${jobs}`]);
  return runArray(
    { name: 'prepare', commands, workingFolder: process.cwd(), resources },
    {
      ...{ ...settings, folder, signal, notice: out },
      onChange: ({ index, state }) => out(`job ${index + 1}/${jobs}: ${wordsOf(state)}`),
    },
  );
}

function wordsOf(state: JobReport['state']): string {
  return 'reason' in state && state.reason !== '' ? `${state.kind}, ${state.reason}` : state.kind;
}

/** The files of jobs that failed are put aside, so that the next time they are submitted anew. */
async function requireSuccess(reports: readonly JobReport[], folder: string): Promise<void> {
  const failed = reports.find(({ state }) => state.kind !== 'done');
  const aside = `${folder}-failed`;
  await rm(aside, { recursive: true, force: true });
  if (failed === undefined) return rm(folder, { recursive: true });
  await rename(folder, aside);
  const log = failed.log.replace(folder, aside);
  const lastLine = (await readFile(log, 'utf8').catch(() => '')).trimEnd().split('\n').at(-1) ?? '';
  const message = `job ${failed.index + 1}/${reports.length}: ${wordsOf(failed.state)}; ${log}: ${lastLine}`;
  const { state } = failed;
  const isMistake = state.kind === 'failed' && state.exitCode === USER_ERROR;
  throw isMistake ? new UserError(message) : new RunFailure(message);
}
