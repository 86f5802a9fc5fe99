import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { generateToyJets } from '@hep/calratio-jets';
import { flatNumbers, writeColumns } from '@hep/datasets/columns';
import { temporaryFolder } from '@hep/test-support';
import { run, runWell } from './testing/command-line.ts';
import { SMALL } from './testing/small-training.ts';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const ROWS = 400;
const tables = {
  main: generateToyJets({ rows: ROWS, seed: 2, sample: 'main' }),
  control: generateToyJets({ rows: ROWS, seed: 2, sample: 'control' }),
};

/** Writes a sample with some columns changed, row by row. */
async function file(
  name: string,
  sample: 'main' | 'control',
  changes: Readonly<Record<string, (value: number, row: number, label: number) => number>> = {},
): Promise<string> {
  const { rows, columns } = tables[sample];
  const labels = flatNumbers(tables[sample], 'label', name);
  const changed = Object.entries(changes).map(([column, change]) => {
    const values = Float64Array.from(flatNumbers(tables[sample], column, name), (value, row) =>
      change(value, row, labels[row]),
    );
    return [column, { kind: 'flat' as const, values }] as const;
  });
  await writeColumns(at(name), [{ rows, columns: new Map([...columns, ...changed]) }]);
  return at(name);
}

const flags = (main: string, control: string, ...more: string[]) => [
  ...['train', ...SMALL, '--main-training-file', main, '--cr-training-file', control],
  ...['-o', at('runs'), '--epochs', '1', ...more],
];
const refused = (message: RegExp) => ({
  code: 2,
  out: expect.anything(),
  err: [expect.stringMatching(message)],
});
const [main, control] = [await file('main.parquet', 'main'), await file('control.parquet', 'control')];

describe('files that cannot be trained on are refused in one line', () => {
  it.each([
    [
      'an unknown label',
      () => file('label.parquet', 'main', { label: (label, row) => (row === 17 ? 5 : label) }),
      /label.parquet row 17, column label: got 5, expected 0 \(QCD\) or 1 \(signal\) or 2 \(BIB\)$/,
    ],
    [
      'weights that sum to zero',
      () => file('zero.parquet', 'main', { mcEventWeight: (weight, _, label) => (label === 0 ? 0 : weight) }),
      /zero.parquet: mcEventWeight of the \d+ rows with label 0 \(QCD\) sums to 0, expected a sum above 0/,
    ],
    [
      'background alone',
      () => file('background.parquet', 'main', { label: (label) => (label === 1 ? 0 : label) }),
      /background.parquet: its training part has jets of label 0 and 2 only, expected signal \(1\) and a background/,
    ],
  ])('main sample with %s', async (_, broken, message) => {
    expect(await run(...flags(await broken(), control))).toMatchObject(refused(message));
  });

  it.each([
    ['simulation', 'no-simulation.parquet', 2, /control region has no simulation \(label 0\)/],
    ['data', 'no-data.parquet', 0, /control region has no data \(label 2\)/],
  ])('control region without %s', async (_, name, label, message) => {
    const broken = await file(name, 'control', { label: () => label });
    expect(await run(...flags(main, broken))).toMatchObject(refused(message));
  });

  it('control region whose jets are in no pT bin with both', async () => {
    const broken = await file('bins.parquet', 'control', {
      jet_pt: (_value, _row, label) => (label === 0 ? 0.1 : 0.9),
    });
    expect(await run(...flags(main, broken))).toMatchObject(
      refused(/bins.parquet: no pT bin of the control region’s validation part has both data and simulation/),
    );
  });

  it.each([
    [
      ['--no-include-low-mass', '--no-include-high-mass'],
      /--include-low-mass and --include-high-mass are both off/,
    ],
    [['--frac-list', '0.001'], /leave none for the \w+ part; give more jets or a larger --frac-list$/],
    [['--batch-size', '1000'], /batch size 1000 is larger than the \d+ rows of data set "train"/],
    [['--schedule-period', '3'], /--schedule-period: schedule constant does not have it/],
    [['--filters-cnn-track', '0'], /--filters-cnn-track: got 0, expected/],
  ])('options %j', async (options, message) => {
    expect(await run(...flags(main, control, ...options))).toMatchObject(refused(message));
  });

  it('one sample without the other', async () => {
    expect(await run('train', '--main-training-file', main, '-o', at('runs'))).toMatchObject(
      refused(/option --cr-training-file is missing: expected files of both samples/),
    );
  });
});

describe('files with flaws that can be lived with', () => {
  it('an empty pT bin is left out of the K-S sums, and told', async () => {
    const soft = await file('soft.parquet', 'control', { jet_pt: (pt) => Math.min(pt, 0.45) });
    const { out } = await runWell(...flags(main, soft, '--model-name', 'soft'));
    expect(out).toContain(
      'control region, test part: no data or no simulation in high pT, left out of the K-S sums',
    );
    expect(out.at(-2)).toMatch(/K-S sum of data and simulation \d/);
  });

  it('numbers that are none count as 0, told by column and row', async () => {
    const broken = await file('nan.parquet', 'main', {
      clus_time_3: (value, row) => (row === 8 || row === 30 ? NaN : value),
      jet_eta: (value, row) => (row === 5 ? Infinity : value),
    });
    const { out } = await runWell(...flags(broken, control, '--model-name', 'nan'));
    expect(out[0]).toBe(
      `3 values that are not finite count as 0: jet_eta 1 (first in ${broken} row 5), clus_time_3 2 (first in ${broken} row 8)`,
    );
    const labels = flatNumbers(tables.main, 'label', 'main');
    const [qcd, signal, bib] = [0, 1, 2].map((label) => labels.filter((other) => other === label).length);
    expect(out[1]).toBe(`${broken}: ${ROWS} jets, ${qcd} QCD (0), ${signal} signal (1), ${bib} BIB (2)`);
  });
});

it('jets that build has not scaled are told', async () => {
  const unscaled = await file('unscaled.parquet', 'main', { jet_pt: (pt) => 500 * pt });
  const { out } = await runWell(...flags(unscaled, control, '--model-name', 'unscaled'));
  expect(out.filter((line) => line.startsWith('warning'))).toEqual([
    `warning: ${unscaled}: every jet has a pT above 2; a converted table that build has not scaled?`,
  ]);
});

it('a run goes on with the files that it began with, wherever they are', async () => {
  const copy = await file('copy.parquet', 'main');
  await runWell(...flags(copy, control, '--model-name', 'moved'));
  const path = join(at('runs'), 'moved', '00000');
  await file('moved.parquet', 'main');
  await rm(copy);
  const resumed = await runWell('resume', path, '--epochs', '2', '--main-training-file', at('moved.parquet'));
  expect(resumed.out.join('\n')).toContain('going on after epoch 1 of 2');
  const other = await file('other.parquet', 'main', { jet_phi: (phi) => -phi });
  expect(await run('resume', path, '--epochs', '3', '--main-training-file', other)).toMatchObject(
    refused(/other.parquet/),
  );
});
