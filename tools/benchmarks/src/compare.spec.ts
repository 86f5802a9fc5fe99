import { existsSync } from 'node:fs';
import type { Benchmark } from './benchmark.ts';
import { compare, median } from './compare.ts';
import type { Launch } from './measuring-process.ts';

/** A side that claims the given wall times, one after the other, and half of them as CPU time. */
function claims(engine: string, wallTimes: readonly number[]): Launch {
  const script = `
    const [rounds, times] = [JSON.parse(process.argv[2]).rounds, JSON.parse(process.argv[1])];
    const say = (message) => console.log(JSON.stringify(message));
    say({ engine: '${engine}' });
    console.log('a library talks');
    let round = 0;
    process.stdin.on('data', () => {
      say({ wallMs: times[round], cpuMs: times[round] / 2, result: round });
      if (++round === rounds) { say({ peakRssMiB: 100 }); process.stdin.destroy(); }
    });`;
  return { command: process.execPath, arguments: ['-e', script, JSON.stringify(wallTimes)] };
}

function caseOf(processes: Benchmark['processes'], folders: string[] = []): Benchmark {
  return {
    name: 'claims',
    rows: 10,
    smokeRows: 1,
    processes,
    peer: { script: '', module: '' },
    settings: () => ({}),
    prepare: async (folder) => void folders.push(folder),
    start: () => Promise.reject(new Error('runs elsewhere')),
  };
}

describe('comparison', () => {
  it('divides medians and keeps the range of neighbouring runs', async () => {
    const folders: string[] = [];
    const line = await compare(caseOf('shared', folders), {
      rows: 10,
      repetitions: 3,
      threads: 2,
      ours: claims('ours', [10, 30, 20]),
      peer: claims('theirs', [40, 50, 80]),
    });
    expect(line).toMatchObject({ case: 'claims', rows: 10, engine: 'ours', wallMs: 20, cpuMs: 10 });
    expect(line.peer).toMatchObject({ engine: 'theirs', wallMs: 50, peakRssMiB: 100, result: 2 });
    expect(line).toMatchObject({ ratio: 0.4, ratioRange: [0.25, 0.6], cpuRatio: 0.4 });
    expect(folders.map((folder) => existsSync(folder))).toEqual([false]);
  });

  it('starts a process for every run where a case wants it fresh', async () => {
    const comparison = { rows: 10, repetitions: 3, threads: 2, ours: claims('ours', [7, 1, 1]) };
    const line = await compare(caseOf('fresh'), comparison);
    expect(line).toMatchObject({ wallMs: 7, peer: null, ratio: null, ratioRange: null, cpuRatio: null });
  });

  it('tells why a side stopped', async () => {
    const script = 'throw new TypeError("no such column")';
    const ours = { command: process.execPath, arguments: ['-e', script] };
    const comparison = { rows: 10, repetitions: 1, threads: 1, ours };
    await expect(compare(caseOf('shared'), comparison)).rejects.toThrow('TypeError: no such column');
  });

  it('tells that a side cannot be started', async () => {
    const comparison = {
      rows: 1,
      repetitions: 1,
      threads: 1,
      ours: { command: '/nowhere/python', arguments: [] },
    };
    await expect(compare(caseOf('shared'), comparison)).rejects.toThrow(/python stopped: .*ENOENT/);
  });
});

describe('median', () => {
  it('is the middle, or the mean of the two in the middle', () => {
    expect(median([5, 1, 9])).toBe(5);
    expect(median([4, 1, 2, 9])).toBe(3);
  });
});
