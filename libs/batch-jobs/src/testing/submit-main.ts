/** A process that runs an array on Slurm: `submit-main FOLDER ARRAY.json`; prints every change as JSON. */
import { readFileSync } from 'node:fs';
import { runArray } from '../run-array.ts';
import type { ArrayJob } from '../array-job.ts';
import { slurm } from '../slurm/slurm.ts';

const [folder, path] = process.argv.slice(2);
const array = JSON.parse(readFileSync(path, 'utf8')) as ArrayJob;
await runArray(array, {
  system: slurm,
  folder,
  pollSeconds: 1,
  graceSeconds: 2,
  onChange: (report) => console.log(JSON.stringify(report)),
});
