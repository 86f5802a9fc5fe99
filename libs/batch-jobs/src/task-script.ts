import { join } from 'node:path';
import type { ArrayJob } from './array-job.ts';
import type { BatchSystem } from './batch-system.ts';
import { shellQuote } from './shell-quote.ts';

/** Name of the script that runs one command of a submission. */
export const TASK_SCRIPT = 'tasks.sh';

/** In a submission's folder: tells jobs that come late that another submission took their place. */
export const ABANDONED = 'abandoned';

/** Exit code of a job whose node does not have the submission's folder, so that no exit file tells of it. */
export const NO_FOLDER = 125;

/** File that holds the exit code of a command once it ended. */
export function exitFile(folder: string, index: number): string {
  return join(folder, 'exit', String(index));
}

/** File with what a command, and the batch system about it, wrote. */
export function logFile(folder: string, index: number): string {
  return join(folder, 'logs', `${index}.txt`);
}

/**
 * Script that runs the command of an index, `bash tasks.sh INDEX`, and leaves its exit code in `exit/INDEX`. A command
 * that SIGTERM or SIGKILL ended leaves none: why it was killed is for the batch system to tell.
 * @param folder absolute path of the submission
 */
export function taskScript(
  { commands, workingFolder, environment = {}, resources }: ArrayJob,
  { folder, indices, system }: { folder: string; indices: readonly number[]; system: BatchSystem },
): string {
  const before = system.insideImage(resources);
  const words = (command: readonly string[]) => [...before, ...command].map(shellQuote).join(' ');
  return [
    '#!/bin/bash',
    '# Runs one command of an array of jobs: bash tasks.sh INDEX',
    'index=$1',
    `submission=${shellQuote(folder)}`,
    `[ -d "$submission/exit" ] || { echo "$submission: not there on $(uname -n)" >&2; exit ${NO_FOLDER}; }`,
    `[ -e "$submission/${ABANDONED}" ] && exit 0`,
    ...Object.entries(environment).map(([name, value]) => `export ${name}=${shellQuote(value)}`),
    ...OUTPUT[system.name],
    ...(resources.setup ?? []),
    `cd ${shellQuote(workingFolder)} || exit 1`,
    'case $index in',
    ...indices.map((index) => `${index}) set -- ${words(commands[index])} ;;`),
    '*) echo "there is no command $index" >&2; exit 2 ;;',
    'esac',
    RUN[system.name],
    '',
  ].join('\n');
}

/** Slurm writes the log itself; what HTCondor writes it brings back only at the end of a job. */
const OUTPUT = { slurm: [], htcondor: ['exec >>"$submission/logs/$index.txt" 2>&1'] };

/**
 * The script outlives SIGTERM, so that the command may save its work. Slurm signals every process of a job, HTCondor
 * only the first one.
 */
function runLines(onTerminate: string): string {
  return `trap ${onTerminate} TERM
"$@" &
command=$!
while :; do
  wait "$command"
  code=$?
  kill -0 "$command" 2>/dev/null || break
done
case $code in
137 | 143) ;;
*) echo "$code" >"$submission/exit/.$index" && mv "$submission/exit/.$index" "$submission/exit/$index" ;;
esac
exit "$code"`;
}

const RUN = { slurm: runLines(':'), htcondor: runLines(`'kill -TERM "$command"'`) };
