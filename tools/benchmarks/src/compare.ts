/** Runs both sides of a case in turn and sums up. */
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Benchmark, JobSpec } from './benchmark.ts';
import { MeasuringProcess } from './measuring-process.ts';
import type { Launch, Run } from './measuring-process.ts';

/** How often and on what. */
export interface Comparison {
  readonly rows: number;
  readonly repetitions: number;
  readonly threads: number;
  readonly ours: Launch;
  /** Absent: only ours is measured. */
  readonly peer?: Launch;
}

/** One side: medians over the runs, and the highest peak memory of its processes. */
export interface Side {
  readonly engine: string;
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly peakRssMiB: number;
  readonly setupMs: number;
  readonly result: number;
}

/** What is printed of a case. */
export interface Line extends Side {
  readonly case: string;
  readonly rows: number;
  readonly threads: number;
  readonly repetitions: number;
  readonly peer: Side | null;
  /** Median wall time over the peer's. */
  readonly ratio: number | null;
  /** Lowest and highest ratio of neighbouring runs. */
  readonly ratioRange: readonly [number, number] | null;
  /** Median CPU time over the peer's. */
  readonly cpuRatio: number | null;
  /** Load average of the last minute before the case started. */
  readonly load: number;
}

/** Measures one case: ours, peer, ours, peer, ... */
export async function compare(benchmark: Benchmark, comparison: Comparison): Promise<Line> {
  const { rows, repetitions, ours, peer } = comparison;
  const threads = benchmark.threads ?? comparison.threads;
  const load = loadavg()[0];
  const folder = mkdtempSync(join(tmpdir(), 'hep-benchmark-'));
  const isShared = benchmark.processes === 'shared';
  const settings = benchmark.settings();
  const rounds = isShared ? repetitions : 1;
  const spec: JobSpec = { benchmark: benchmark.name, rows, threads, rounds, folder, settings };
  const launches = peer === undefined ? [ours] : [ours, peer];
  const records = launches.map(() => new Record());
  try {
    await benchmark.prepare(folder, rows);
    for (let first = 0; first < repetitions; first += rounds) await alternate(launches, spec, records);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const head = { case: benchmark.name, rows, threads, repetitions, load: rounded(load, 2) };
  return { ...head, ...records[0].side(), ...versus(records[0], records[1]) };
}

/** Starts every side, lets them work in turn, and ends them. */
async function alternate(
  launches: readonly Launch[],
  spec: JobSpec,
  records: readonly Record[],
): Promise<void> {
  const started: MeasuringProcess[] = [];
  try {
    for (const launch of launches) started.push(await MeasuringProcess.start(launch, spec));
    for (let round = 0; round < spec.rounds; round++) {
      for (const [side, measuring] of started.entries()) records[side].runs.push(await measuring.measure());
    }
    for (const [side, measuring] of started.entries()) {
      const { peakRssMiB } = await measuring.finish();
      records[side].add(measuring.engine, measuring.setupMs, peakRssMiB);
    }
  } finally {
    await Promise.all(started.map((measuring) => measuring.stop()));
  }
}

/** Everything measured of one side. */
class Record {
  readonly runs: Run[] = [];
  private engine = '';
  private readonly setups: number[] = [];
  private readonly peaks: number[] = [];

  add(engine: string, setupMs: number, peakRssMiB: number): void {
    this.engine = engine;
    this.setups.push(setupMs);
    this.peaks.push(peakRssMiB);
  }

  side(): Side {
    return {
      engine: this.engine,
      wallMs: rounded(median(this.runs.map((run) => run.wallMs)), 1),
      cpuMs: rounded(median(this.runs.map((run) => run.cpuMs)), 1),
      peakRssMiB: rounded(Math.max(...this.peaks), 1),
      setupMs: rounded(median(this.setups), 1),
      result: this.runs[this.runs.length - 1].result,
    };
  }
}

function versus(
  ours: Record,
  peer: Record | undefined,
): Pick<Line, 'peer' | 'ratio' | 'ratioRange' | 'cpuRatio'> {
  if (peer === undefined) return { peer: null, ratio: null, ratioRange: null, cpuRatio: null };
  const quotient = (key: 'wallMs' | 'cpuMs') =>
    median(ours.runs.map((run) => run[key])) / median(peer.runs.map((run) => run[key]));
  const pairs = ours.runs.map((run, round) => run.wallMs / peer.runs[round].wallMs);
  return {
    peer: peer.side(),
    ratio: rounded(quotient('wallMs'), 3),
    ratioRange: [rounded(Math.min(...pairs), 3), rounded(Math.max(...pairs), 3)],
    cpuRatio: rounded(quotient('cpuMs'), 3),
  };
}

/** Middle value; the mean of the two in the middle of an even number. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
