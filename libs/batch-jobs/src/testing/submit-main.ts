/** A process that runs an array on Slurm: `submit-main FOLDER ARRAY.json`; tells every change on a line. */
import { readFileSync } from 'node:fs';
import { runArray, slurm } from '../index.ts';
import type { ArrayJob } from '../index.ts';

const [folder, path] = process.argv.slice(2);
await runArray(JSON.parse(readFileSync(path, 'utf8')) as ArrayJob, {
  system: slurm,
  folder,
  pollSeconds: 1,
  graceSeconds: 2,
  onChange: ({ index, state }) => console.log(`${index} ${state.kind}`),
});
