/** A process that runs an array on a batch system: `submit-main SYSTEM FOLDER ARRAY.json`; tells every change on a line. */
import { readFileSync } from 'node:fs';
import { htcondor, runArray, slurm } from '../index.ts';
import type { ArrayJob } from '../index.ts';

const [system, folder, path] = process.argv.slice(2);
await runArray(JSON.parse(readFileSync(path, 'utf8')) as ArrayJob, {
  system: system === 'slurm' ? slurm : htcondor,
  folder,
  pollSeconds: 1,
  graceSeconds: 3,
  onChange: ({ index, state }) => console.log(`${index} ${state.kind}`),
});
