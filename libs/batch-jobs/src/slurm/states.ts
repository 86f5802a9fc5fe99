import { stateOfExitCode } from '../array-job.ts';
import type { JobState } from '../array-job.ts';

/**
 * States by index from the answer of `scontrol --oneliner show job ID`: a line for each job, or for those jobs of the
 * array that were not started yet together.
 */
export function slurmStates(answer: string): Map<number, JobState> {
  const states = new Map<number, JobState>();
  for (const line of answer.split('\n')) {
    const field = (name: string) => new RegExp(`(?:^|\\s)${name}=(\\S*)`).exec(line)?.[1] ?? '';
    const state = stateOf(field('JobState'), field('Reason'), field('ExitCode'));
    for (const index of indicesOf(field('ArrayTaskId'))) states.set(index, state);
  }
  return states;
}

/** Numbers of `0-3,7%2`, where what follows the percent sign is the limit of jobs at once; `0-6:2` has a step. */
export function indicesOf(text: string): number[] {
  const found: number[] = [];
  for (const part of text.replace(/%.*$/, '').split(',')) {
    const [, first, last = first, step = '1'] = /^(\d{1,7})(?:-(\d{1,7})(?::(\d{1,7}))?)?$/.exec(part) ?? [];
    if (first === undefined || Number(step) < 1) continue;
    for (let index = Number(first); index <= Number(last); index += Number(step)) found.push(index);
  }
  return found;
}

const RUNNING = new Set(['RUNNING', 'COMPLETING', 'SIGNALING', 'STAGE_OUT', 'STOPPED', 'SUSPENDED']);
const LIMITS: Readonly<Record<string, string>> = {
  TIMEOUT: 'time limit',
  DEADLINE: 'deadline',
  OUT_OF_MEMORY: 'out of memory',
};
const LOST: Readonly<Record<string, string>> = {
  CANCELLED: 'cancelled',
  NODE_FAIL: 'node failed',
  BOOT_FAIL: 'node did not start',
  PREEMPTED: 'preempted',
  REVOKED: 'revoked',
  LAUNCH_FAILED: 'not started',
};

/** @param exitCode as Slurm writes it, `CODE:SIGNAL` */
function stateOf(state: string, reason: string, exitCode: string): JobState {
  if (RUNNING.has(state)) return { kind: 'running' };
  if (state === 'COMPLETED') return { kind: 'done' };
  if (Object.hasOwn(LIMITS, state)) return { kind: 'failed', reason: LIMITS[state] };
  if (Object.hasOwn(LOST, state)) return { kind: 'lost', reason: LOST[state] };
  if (state !== 'FAILED') return { kind: 'pending', reason: reason === 'None' ? '' : reason };
  const [code, signal = 0] = exitCode.split(':').map(Number);
  const asShell = signal > 0 ? 128 + signal : code;
  return asShell > 0 ? stateOfExitCode(asShell) : { kind: 'failed', reason };
}
