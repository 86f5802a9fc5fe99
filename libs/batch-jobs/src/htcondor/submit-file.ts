import type { JobFileContent } from '../batch-system.ts';
import { TASK_SCRIPT } from '../task-script.ts';

/** Log of events that HTCondor writes beside the submit file. */
export const EVENT_LOG = 'job.log';

/** Hold codes of a job that used more memory than it has (34) or ran longer than allowed (46, 47). */
export const LIMIT_REASONS: Readonly<Record<number, string>> = {
  34: 'out of memory',
  46: 'time limit',
  47: 'time limit',
};

/** Hold code of a job that its own policy holds, and the subcode of ours, which is about time. */
export const POLICY_HOLD = { code: 3, timeLimit: 60 };

/**
 * Submit file of an array of HTCondor; paths are relative to the folder that it is submitted from. Only the script is
 * transferred: what the commands read and write is on a file system that all machines share, their output included. Jobs
 * that are held because of a limit leave the queue.
 */
export function submitFile({ name, indices, resources }: JobFileContent): string {
  const { cpus, gpus, memoryMiB, minutes, limit, requirements, image, lines = [] } = resources;
  const { code, timeLimit } = POLICY_HOLD;
  const overLimit = [
    ...Object.keys(LIMIT_REASONS).map((limit) => `HoldReasonCode == ${limit}`),
    `(HoldReasonCode == ${code} && HoldReasonSubCode == ${timeLimit})`,
  ];
  return [
    `batch_name = ${name}`,
    ...(image === undefined
      ? ['universe = vanilla']
      : ['universe = container', `container_image = ${image}`]),
    `executable = ${TASK_SCRIPT}`,
    'arguments = $(index)',
    'error = logs/$(index).err', // of the script alone, before its log is open
    `log = ${EVENT_LOG}`,
    'should_transfer_files = YES',
    'when_to_transfer_output = ON_EXIT',
    'transfer_output_files = ""',
    `request_cpus = ${cpus}`,
    ...(gpus > 0 ? [`request_gpus = ${gpus}`] : []),
    ...(memoryMiB === undefined ? [] : [`request_memory = ${memoryMiB}M`]),
    ...(minutes === undefined ? [] : timeLimitLines(minutes)),
    ...(limit === undefined ? [] : [`max_materialize = ${limit}`]),
    ...(requirements === undefined ? [] : [`requirements = ${requirements}`]),
    `periodic_remove = JobStatus == 5 && (${overLimit.join(' || ')})`,
    ...lines,
    `queue index in (${indices.join(', ')})`,
    '',
  ].join('\n');
}

/** By a policy, since HTCondor 23.9 often did not enforce `allowed_execute_duration` when it was tried. */
function timeLimitLines(minutes: number): string[] {
  return [
    `periodic_hold = JobStatus == 2 && time() - JobCurrentStartExecutingDate > ${minutes * 60}`,
    'periodic_hold_reason = "time limit"',
    `periodic_hold_subcode = ${POLICY_HOLD.timeLimit}`,
  ];
}
