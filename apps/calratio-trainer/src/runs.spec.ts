import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { npzBytes } from '@hep/model-files';
import { temporaryFolder } from '@hep/test-support';
import { createRunDirectory, writeHistory } from '@hep/training';
import { discrimination, predictionsOf } from '@hep/calratio-training';
import { run, runWell } from './testing/command-line.ts';
import { toyHistory, toyPredictions } from '@hep/calratio-training/testing';

const folder = await temporaryFolder();
const report = join(folder, 'report.html');

/** A finished run as `train` leaves it, with the predictions of a network that does not exist. */
async function finishedRun(name: string, shift: number, config: string): Promise<string> {
  const directory = await createRunDirectory(join(folder, 'runs', name), {
    config,
    seed: 1,
    versions: {},
    inputs: [],
  });
  await writeHistory(directory.file('history.csv'), toyHistory(4));
  const columns = Object.entries(toyPredictions(300, { shift }));
  const arrays = columns.map(([column, values]) => [column, { shape: [values.length], values }]);
  await directory.write('predictions.npz', npzBytes(Object.fromEntries(arrays)));
  const result = { epochs: 4, stoppedBy: 'epochs', bestEpoch: 3, seconds: 1 };
  await directory.end('finished', { result });
  return directory.path;
}

const first = await finishedRun('00000', 0, 'adversary-weight: 10\nseed: 1\n');
const second = await finishedRun('00001', 1, 'adversary-weight: 0\nseed: 1\n');

/** Texts of the cells of the table row that begins with `name`. */
function rowOf(html: string, name: string): string[] {
  const row = html.match(new RegExp(`<tr><td>${name}</td>.*?</tr>`))![0];
  return [...row.matchAll(/<td[^>]*>(.*?)<\/td>/g)].map(([, cell]) => cell.replace(/<\/?b>/g, ''));
}

describe('compare', () => {
  it('shows the scores of the runs and the options that differ', async () => {
    const { out } = await runWell('compare', `with=${first}`, `without=${second}`, '-o', report);
    expect(out).toEqual([`report of 2 runs in ${report}`]);
    const html = await readFile(report, 'utf8');
    const areas = [0, 1].map((shift) => {
      const { main } = predictionsOf(toyPredictions(300, { shift }), 'toy');
      return String(Number(discrimination(main, 'both').area.toPrecision(4)));
    });
    expect(rowOf(html, 'AUC against QCD and BIB')).toEqual(['AUC against QCD and BIB', ...areas]);
    expect(rowOf(html, 'adversary-weight')).toEqual(['adversary-weight', '10', '0']);
    expect(html).not.toContain('<td>seed</td>');
  });

  it('wants two runs', async () => {
    expect(await run('compare', first)).toMatchObject({
      code: 2,
      err: ['calratio-trainer: 1 run directories given, expected 2 or more; give those of finished runs'],
    });
  });
});

describe('analyze', () => {
  it('takes the last run of a folder by number', async () => {
    await runWell('analyze', `${join(folder, 'runs')}/-1`, '-o', report);
    const html = await readFile(report, 'utf8');
    expect(html).toContain('choice of the run');
    expect(rowOf(html, 'adversary-weight')).toEqual(['adversary-weight', '0']);
  });

  it.each([
    ['no run', () => join(folder, 'nothing'), /nothing: no run to read, it has no run\.json/],
    ['no such number', () => join(folder, 'runs', '-3'), /Cannot read run -3 .* there are 0, 1$/],
    [
      'unfinished',
      () => unfinished(),
      /the run is running, expected a finished one; go on with train --resume/,
    ],
    ['damaged', () => damaged(), /predictions\.npz/],
  ])('refuses a run in one line: %s', async (_, path, message) => {
    const { code, err } = await run('analyze', await path());
    expect(code).toBe(2);
    expect(err).toEqual([expect.stringMatching(message)]);
  });
});

async function unfinished(): Promise<string> {
  const path = join(folder, 'unfinished');
  await createRunDirectory(path, { config: '', seed: 1, versions: {}, inputs: [] });
  return path;
}

async function damaged(): Promise<string> {
  const path = await finishedRun('damaged', 0, '');
  const file = join(path, 'predictions.npz');
  const bytes = await readFile(file);
  await writeFile(file, bytes.subarray(0, bytes.length / 2));
  return path;
}
