/** Our side of a comparison: sets up the job that the first argument describes and measures it. */
import type { JobSpec } from './benchmark.ts';
import { benchmarks } from './benchmarks.ts';
import { measureJob } from './measure-job.ts';

const spec = JSON.parse(process.argv[2]) as JobSpec;
const benchmark = Object.values(benchmarks)
  .flat()
  .find(({ name }) => name === spec.benchmark)!;
await measureJob(benchmark, spec);
