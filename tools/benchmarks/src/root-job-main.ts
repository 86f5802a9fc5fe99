/** A case of reading ROOT files, as `job-main.ts` does it for all others. */
import type { JobSpec } from './benchmark.ts';
import { measureJob } from './measure-job.ts';
import { rootCases } from './root-cases.ts';

const [, , name, job] = process.argv;
const benchmark = rootCases.find((known) => known.name === name)!;
await measureJob(benchmark, JSON.parse(job) as JobSpec);
