/** A case of preparing tracks, as `job-main.ts` does it for all others. */
import type { JobSpec } from './benchmark.ts';
import { measureJob } from './measure-job.ts';
import { tracksCases } from './tracks-cases.ts';

const [, , name, job] = process.argv;
const benchmark = tracksCases.find((known) => known.name === name)!;
await measureJob(benchmark, JSON.parse(job) as JobSpec);
