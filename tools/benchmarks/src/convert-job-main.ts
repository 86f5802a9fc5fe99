/** As `job-main.ts`, with the cases of conversion alone: memory and collection of garbage are theirs. */
import type { JobSpec } from './benchmark.ts';
import { convertCases } from './convert-cases.ts';
import { measureJob } from './measure-job.ts';

const [, , name, job] = process.argv;
const benchmark = convertCases.find((known) => known.name === name)!;
await measureJob(benchmark, JSON.parse(job) as JobSpec);
