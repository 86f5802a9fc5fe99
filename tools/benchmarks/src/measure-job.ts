/** The measuring side of the protocol, in a process of its own. */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Benchmark, JobSpec } from './benchmark.ts';

/** Sets the work up, does it once for every line on standard input, and reports on standard output. */
export async function measureJob(benchmark: Benchmark, spec: JobSpec): Promise<void> {
  const job = await benchmark.start(spec);
  const requests = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  report({ engine: job.engine });
  for (let round = 0; round < spec.rounds; round++) {
    const { done } = await requests.next();
    if (done) break;
    const cpuBefore = process.cpuUsage();
    const wallBefore = performance.now();
    const result = await job.run(round);
    const wallMs = performance.now() - wallBefore;
    const { user, system } = process.cpuUsage(cpuBefore);
    report({ wallMs, cpuMs: (user + system) / 1000, result });
  }
  report({ peakRssMiB: peakRssMiB() });
  await job.close();
  process.stdin.destroy();
}

/** Linux counts the parent's memory into `maxRSS` of a child, so the address space's own mark goes first. */
function peakRssMiB(): number {
  try {
    const [, kib] = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))!;
    return Number(kib) / 1024;
  } catch {
    return process.resourceUsage().maxRSS / 1024;
  }
}

function report(message: object): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
