/** A case of ours: sets up the case that the first argument names for the job that the second describes. */
import type { JobSpec } from './benchmark.ts';
import { benchmarks } from './benchmarks.ts';
import { measureJob } from './measure-job.ts';

const [, , name, job] = process.argv;
const spec = JSON.parse(job) as JobSpec;
const benchmark = Object.values(benchmarks)
  .flat()
  .find((known) => known.name === name)!;
await measureJob(benchmark, spec);
