import { isEnded, stateOfExitCode } from '../array-job.ts';
import type { JobState } from '../array-job.ts';
import { LIMIT_REASONS, POLICY_HOLD } from './submit-file.ts';

/** What a log of events tells about the jobs of one submission. */
export interface EventLog {
  /** Number of the cluster; undefined while nothing was submitted. */
  readonly cluster?: string;
  /** State of a job by its number in the cluster. */
  readonly states: ReadonlyMap<number, JobState>;
  /** Whether jobs that the log does not name yet will still be made, as happens with a limit of jobs at once. */
  readonly isMakingJobs: boolean;
}

/**
 * Reads HTCondor's log of events in its text form: `CODE (CLUSTER.PROCESS.SUBPROCESS) TIME TITLE`, indented lines, and
 * `...` at the end. A last event that is not complete yet counts as not there.
 */
export function readEventLog(text: string): EventLog {
  const states = new Map<number, JobState>();
  let cluster: string | undefined;
  let isMakingJobs = false;
  for (const event of text.split(/^\.\.\.\r?\n/m).slice(0, -1)) {
    const [, code, number, process] = /^(\d{3}) \((\d+)\.(-?\d+)\.-?\d+\) /.exec(event) ?? [];
    if (code === undefined) continue;
    cluster ??= String(Number(number));
    if (code === CLUSTER_SUBMITTED) isMakingJobs = true;
    if (code === CLUSTER_REMOVED) isMakingJobs = false;
    const earlier = states.get(Number(process));
    const state = stateAfter(code, event);
    const isFinal = earlier !== undefined && isEnded(earlier);
    if (state !== undefined && !isFinal) states.set(Number(process), state);
  }
  return { cluster, states, isMakingJobs };
}

const CLUSTER_SUBMITTED = '035';
const CLUSTER_REMOVED = '036';

/** The state of a job after an event; undefined when the event changes none. */
function stateAfter(code: string, event: string): JobState | undefined {
  switch (code) {
    case '000':
    case '013': // released
      return { kind: 'pending', reason: '' };
    case '001':
      return { kind: 'running' };
    case '004':
      return { kind: 'pending', reason: 'evicted' };
    case '007':
    case '024':
      return { kind: 'pending', reason: 'lost its machine' };
    case '005':
      return terminated(event);
    case '009':
      return aborted(reasonOf(event));
    case '012':
      return held(event);
    default:
      return undefined;
  }
}

function terminated(event: string): JobState {
  const exitCode = /\(return value (\d+)\)/.exec(event)?.[1];
  if (exitCode !== undefined) return stateOfExitCode(Number(exitCode));
  const signal = /\(signal (\d+)\)/.exec(event)?.[1];
  return signal === undefined
    ? { kind: 'failed', reason: 'terminated' }
    : stateOfExitCode(128 + Number(signal));
}

/** A job that a policy removes would be removed again. */
function aborted(reason: string): JobState {
  return /periodic_?remove/i.test(reason)
    ? { kind: 'failed', reason: `removed: ${reason}` }
    : { kind: 'lost', reason: `cancelled: ${reason}` };
}

function held(event: string): JobState {
  const [code, subcode] = (/^\s*Code (\d+) Subcode (\d+)/m.exec(event) ?? []).slice(1).map(Number);
  if (Object.hasOwn(LIMIT_REASONS, code)) return { kind: 'failed', reason: LIMIT_REASONS[code] };
  return code === POLICY_HOLD.code && subcode === POLICY_HOLD.timeLimit
    ? { kind: 'failed', reason: 'time limit' }
    : { kind: 'pending', reason: `held: ${reasonOf(event)}` };
}

/** The first indented line of an event. */
function reasonOf(event: string): string {
  return /\n\s+(\S.*)/.exec(event)?.[1].trim() ?? 'no reason given';
}
