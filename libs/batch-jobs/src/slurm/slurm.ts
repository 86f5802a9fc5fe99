import { UserError } from '@hep/options';
import type { BatchSystem } from '../batch-system.ts';
import { requireSuccess, runProgram } from '../run-program.ts';
import type { ProgramAnswer } from '../run-program.ts';
import { ranges, slurmJobFile } from './job-file.ts';
import { slurmStates } from './states.ts';

const MISSING =
  "run this where Slurm's programs are (Debian package slurm-client), or choose another --batch";

/** What Slurm answers about jobs that it forgot, a few minutes after their end. */
const FORGOTTEN = /Invalid job id specified/;

/** Slurm by sbatch, squeue, scontrol and scancel; its database (sacct) is not needed. */
export const slurm: BatchSystem = {
  name: 'slurm',
  fileName: 'job.sh',
  jobFile: slurmJobFile,
  insideImage: ({ image, gpus }) =>
    image === undefined ? [] : ['apptainer', 'exec', ...(gpus > 0 ? ['--nv'] : []), image],

  async submit(folder) {
    const { out } = await answerOf('sbatch', ['--parsable', slurm.fileName], folder);
    const id = /^\d+/.exec(out.trim())?.[0]; // with several clusters: ID;CLUSTER
    if (id === undefined)
      throw new UserError(`sbatch: answered "${out.trim()}", expected the number of a job`);
    return id;
  },

  async find(name) {
    const { out } = await answerOf('squeue', [
      `--name=${name}`,
      '--states=all',
      '--noheader',
      '--format=%F', // number of the whole array
    ]);
    return /\d+/.exec(out)?.[0];
  },

  async states(id) {
    const answer = await runProgram('scontrol', ['--oneliner', 'show', 'job', id], { missing: MISSING });
    if (answer.code !== 0 && FORGOTTEN.test(answer.err)) return new Map();
    return slurmStates(requireSuccess('scontrol', answer).out);
  },

  async cancel(id, { only }) {
    const jobs = only === undefined ? id : `${id}_[${ranges(only)}]`;
    const answer = await runProgram('scancel', [jobs], { missing: MISSING });
    if (!FORGOTTEN.test(answer.err)) requireSuccess('scancel', answer);
  },
};

async function answerOf(program: string, argv: readonly string[], cwd?: string): Promise<ProgramAnswer> {
  return requireSuccess(program, await runProgram(program, argv, { missing: MISSING, cwd }));
}
