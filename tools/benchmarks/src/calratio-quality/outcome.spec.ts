import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseNpy, temporaryFolder } from '@hep/test-support';
import { writeJetsOf } from './data.ts';
import type { QualityJets } from './data.ts';
import { jetTable, judged } from './outcome.ts';

const counts = { main: 200, control: 300, test: 400 };
const folder = await temporaryFolder();
const jets = await writeJetsOf(3, counts, folder);

/** Scores that depend on the label alone, or on nothing. */
function scoresBy(probabilityOfSignal: (label: number) => number, { test }: QualityJets) {
  const of = (name: 'test-main' | 'test-control') =>
    Float32Array.from({ length: 3 * test[name].rows }, (_, i) => {
      const signal = probabilityOfSignal(test[name].labels[Math.floor(i / 3)]);
      return i % 3 === 1 ? signal : (1 - signal) / 2;
    });
  return { 'test-main': of('test-main'), 'test-control': of('test-control') };
}

describe('figures of a tagger', () => {
  it('are an area of 1 for scores that know the label, and a distance of 1 in each bin and output', () => {
    const { auc, aucQcd, aucBib, ksSum } = judged(
      jets,
      scoresBy((label) => [0.1, 0.9, 0.2][label], jets),
    );
    expect([auc, aucQcd, aucBib]).toEqual([1, 1, 1]);
    expect(ksSum).toBeCloseTo(9);
  });

  it('are one half and no distance for scores that are all the same', () => {
    const { auc, ksSum } = judged(
      jets,
      scoresBy(() => 0.4, jets),
    );
    expect(auc).toBe(0.5);
    expect(ksSum).toBe(0);
  });
});

describe('jets of a comparison', () => {
  it('are the training parts of both samples, and test jets of another seed', () => {
    const rows = (file: string) => parseNpy(readFileSync(join(folder, file))).shape;
    expect(rows('main/constit.npy')).toEqual([180, 30, 12]);
    expect(rows('main/label.npy')).toEqual([180, 3]);
    expect(rows('control/isData.npy')).toEqual([270, 1]);
    expect(rows('test-control/MSeg.npy')).toEqual([400, 30, 6]);
  });
});

describe('table of taggers', () => {
  it('has the median of each side and every seed', () => {
    const outcome = (seed: number, auc: number) => ({
      ...{ side: 'ours', seed, auc, aucQcd: 0.5, aucBib: 0.5, ksSum: seed, wallSeconds: 1, cpuSeconds: 2 },
    });
    const table = jetTable([outcome(1, 0.9), outcome(2, 0.7), outcome(3, 0.8)]);
    expect(table).toContain('| ours | 0.8000 (0.9000, 0.7000, 0.8000) |');
    expect(table).toContain('| 2.00 (1.00, 2.00, 3.00) |');
  });
});
