import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '@hep/options';
import { isEnded } from '../array-job.ts';
import type { JobState } from '../array-job.ts';
import type { BatchSystem } from '../batch-system.ts';
import { requireSuccess, runProgram } from '../run-program.ts';
import { readEventLog } from './event-log.ts';
import type { EventLog } from './event-log.ts';
import { EVENT_LOG, submitFile } from './submit-file.ts';

const MISSING = "run this where HTCondor's programs are, or choose another --batch";

/** HTCondor by condor_submit, condor_q, condor_rm and the log of events. */
export const htcondor: BatchSystem = {
  name: 'htcondor',
  fileName: 'job.sub',
  jobFile: submitFile,
  insideImage: () => [],

  async submit(folder) {
    const out = await outputOf('condor_submit', ['-terse', htcondor.fileName], folder);
    const id = /^(\d+)\./m.exec(out)?.[1]; // FIRST.0 - LAST.N
    if (id === undefined) throw new UserError(`condor_submit: answered "${out.trim()}", expected a cluster`);
    return id;
  },

  async find(name, folder) {
    const { cluster } = await eventLog(folder);
    if (cluster !== undefined) return cluster;
    const constraint = `JobBatchName == "${name}"`;
    const out = await outputOf('condor_q', ['-constraint', constraint, '-autoformat', 'ClusterId']);
    return /\d+/.exec(out)?.[0];
  },

  async states(id, { folder, indices }) {
    // The queue before the log: a job that ends in between has its end in the log.
    const queued = processesOf(await outputOf('condor_q', [id, '-autoformat', 'ProcId']));
    return statesOf(await eventLog(folder), queued, indices);
  },

  async cancel(id, { indices, only }) {
    const jobs = only === undefined ? [id] : only.map((index) => `${id}.${indices.indexOf(index)}`);
    const answer = await runProgram('condor_rm', jobs, { missing: MISSING });
    const isGone = /couldn't find|not found/i.test(`${answer.out}${answer.err}`);
    if (!isGone) requireSuccess('condor_rm', answer);
  },
};

/**
 * States by index; the place of an index in the list is the number of its job in the cluster.
 * @param queued numbers of the jobs in the queue; one that is not there and has no end in the log is unknown
 */
export function statesOf(
  { states, isMakingJobs }: EventLog,
  queued: ReadonlySet<number>,
  indices: readonly number[],
): Map<number, JobState> {
  const found = new Map<number, JobState>();
  for (const [process, index] of indices.entries()) {
    const state = states.get(process);
    if (state === undefined && (isMakingJobs || queued.has(process))) {
      found.set(index, { kind: 'pending', reason: '' });
    } else if (state !== undefined && (isEnded(state) || queued.has(process))) found.set(index, state);
  }
  return found;
}

function processesOf(answer: string): Set<number> {
  return new Set((answer.match(/^\d+$/gm) ?? []).map(Number));
}

async function eventLog(folder: string): Promise<EventLog> {
  const text = await readFile(join(folder, EVENT_LOG), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return readEventLog(text);
}

async function outputOf(program: string, argv: readonly string[], cwd?: string): Promise<string> {
  return requireSuccess(program, await runProgram(program, argv, { missing: MISSING, cwd })).out;
}
