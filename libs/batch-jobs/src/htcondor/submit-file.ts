import type { JobFileContent } from '../batch-system.ts';
import { TASK_SCRIPT } from '../task-script.ts';

/** Log of events that HTCondor writes beside the submit file. */
export const EVENT_LOG = 'job.log';

/** Hold codes of a job that ran longer than allowed (46, 47) or used more memory than it has (34). */
export const LIMIT_REASONS: Readonly<Record<number, string>> = {
  34: 'out of memory',
  46: 'time limit',
  47: 'time limit',
};

/**
 * Submit file of an array of HTCondor; paths are relative to the folder that it is submitted from. Only the script is
 * transferred: what the commands read and write is on a file system that all machines share, their output included. Jobs
 * that are held because of a limit leave the queue.
 */
export function submitFile({ name, indices, resources }: JobFileContent): string {
  const { cpus, gpus, memoryMiB, minutes, limit, requirements, image, lines = [] } = resources;
  const overLimit = Object.keys(LIMIT_REASONS).map((code) => `HoldReasonCode == ${code}`);
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
    ...(minutes === undefined ? [] : [`allowed_execute_duration = ${minutes * 60}`]),
    ...(limit === undefined ? [] : [`max_materialize = ${limit}`]),
    ...(requirements === undefined ? [] : [`requirements = ${requirements}`]),
    `periodic_remove = JobStatus == 5 && (${overLimit.join(' || ')})`,
    ...lines,
    `queue index in (${indices.join(', ')})`,
    '',
  ].join('\n');
}
