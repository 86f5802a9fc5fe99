/** Command lines of the benchmarks. */
import { fileURLToPath } from 'node:url';
import { command, defineOptions, option, runCli } from '@hep/options';
import { z } from 'zod';
import type { Benchmark, Peer } from './benchmark.ts';
import { compare } from './compare.ts';
import type { Launch } from './measuring-process.ts';
import { pythonLaunch } from './peer-python.ts';

const SMOKE_REPETITIONS = 2;

/**
 * Runs the cases that the command line asks for and prints one JSON line for each.
 * @param job program beside this module that measures a case of ours
 */
export async function runBenchmarks(
  name: string,
  cases: readonly Benchmark[],
  job = './job-main.js',
): Promise<void> {
  const options = defineOptions({
    case: option({
      schema: z
        .array(z.enum(cases.map((known) => known.name)))
        .min(1)
        .default(cases.map((known) => known.name)),
      describe: 'cases to run',
    }),
    peers: option({ schema: z.boolean().default(false), describe: 'run the peer in turn' }),
    rows: option({ schema: z.int().min(1).optional(), describe: 'rows, instead of those of the case' }),
    repetitions: option({ schema: z.int().min(1).default(5), describe: 'runs of either side' }),
    threads: option({ schema: z.int().min(1).default(2), describe: 'threads of either side' }),
    smoke: option({ schema: z.boolean().default(false), describe: 'few rows, to see that everything works' }),
  });
  const run = command({
    options,
    run: async ({ peers, smoke, threads, ...chosen }, { out }) => {
      for (const benchmark of cases.filter((known) => chosen.case.includes(known.name))) {
        const line = await compare(benchmark, {
          rows: chosen.rows ?? (smoke ? benchmark.smokeRows : benchmark.rows),
          repetitions: smoke ? SMOKE_REPETITIONS : chosen.repetitions,
          threads,
          ours: ownLaunch(benchmark.name, job),
          peer:
            peers && benchmark.peer
              ? peerLaunch(benchmark.peer, benchmark.threads ?? threads, job)
              : undefined,
        });
        out(JSON.stringify(line));
      }
    },
  });
  const program = {
    name: 'benchmarks',
    version: '0.1.0',
    commands: [
      {
        name,
        describe: 'Measures wall time, CPU time and peak memory; one JSON line for each case.',
        load: async () => run,
      },
    ],
  };
  process.exitCode = await runCli(program, [name, ...process.argv.slice(2)]);
}

/** Our cases run a built program beside this module. */
function ownLaunch(benchmark: string, job: string): Launch {
  const program = fileURLToPath(new URL(job, import.meta.url));
  return { command: process.execPath, arguments: [program, benchmark] };
}

function peerLaunch(peer: Peer, threads: number, job: string): Launch {
  return 'benchmark' in peer ? ownLaunch(peer.benchmark, job) : pythonLaunch(peer, threads);
}
