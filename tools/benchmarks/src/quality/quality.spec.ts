import { timeTo } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import { cpuSecondsIn, runProcess } from './run-process.ts';
import { markdownTable, qualityTable } from './table.ts';

const outcome = (
  side: Outcome['side'],
  recipe: string,
  seed: number,
  emd: number,
  wallSeconds: number,
  curve: Outcome['curve'] = [],
): Outcome => ({ side, recipe, seed, emd, epochs: 10, wallSeconds, cpuSeconds: 0.5 * wallSeconds, curve });

describe('quality table', () => {
  const points = (times: readonly number[]) =>
    times.map((wallSeconds, i) => ({ epoch: i + 1, wallSeconds, emd: 3 - i }));
  const outcomes = [
    outcome('QKeras', 'telescope', 1, 2, 100),
    outcome('QKeras', 'telescope', 2, 1.5, 200),
    outcome('ours', 'exact EMD', 1, 1, 30, points([5, 10, 30])),
    outcome('ours', 'exact EMD', 2, 0.75, 40, points([5, 25, 50])),
  ];

  it('holds medians, ranges and ratios to the reference, seed by seed in time', () => {
    const row = qualityTable(outcomes)[1]!;
    expect(row.emd).toEqual({ median: 0.875, lowest: 0.75, highest: 1 });
    expect(row.emdRatio).toEqual({ telescope: 0.5 });
    expect(row.timeRatio).toEqual({ telescope: { median: 0.35, lowest: 0.2, highest: 0.5 } });
  });

  it('says when a seed never gets there, and where there is no reference', () => {
    const slow = [...outcomes.slice(0, 3), outcome('ours', 'exact EMD', 2, 2, 40, points([5]))];
    const table = qualityTable(slow);
    expect(table[1]!.timeRatio).toEqual({ telescope: null });
    expect(markdownTable(table).split('\n')).toHaveLength(4);
    expect(markdownTable(table)).toContain('not by all');
  });

  it('takes the first point at or below a distance', () => {
    expect(timeTo(2, points([5, 10, 30]))).toBe(10);
    expect(timeTo(0.5, points([5, 10, 30]))).toBeNull();
  });
});

describe('processes', () => {
  it('tell their CPU time', async () => {
    expect(cpuSecondsIn('done\n0m0.00s 0m0.01s\n1m2.50s 0m0.25s\n')).toBeCloseTo(62.75, 10);
    const busy = 'let sum = 0; for (let i = 0; i < 3e8; i++) sum += i; console.log(sum);';
    const seconds = await runProcess({ command: process.execPath, arguments: ['-e', busy] });
    expect(seconds).toBeGreaterThan(0.1);
  });

  it('tell what they printed when they fail', async () => {
    const failing = {
      command: process.execPath,
      arguments: ['-e', 'console.error("no data"); process.exit(3)'],
    };
    await expect(runProcess(failing)).rejects.toThrow('no data');
  });
});
