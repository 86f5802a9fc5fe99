import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@hep/test-support';
import { run, runWell } from './testing/command-line.ts';

const folder = await temporaryFolder();
const output = join(folder, 'comparison');
const data = ['--toy-rows', '400', '--seed', '3'];
const small = [...data, '--epochs', '1', '--elinks', '2,5', '--autoencoders', 'float-tele,qk-6b-tele'];

interface Row {
  readonly [column: string]: string | number | null;
}

async function table(path = output): Promise<{ isSynthetic: boolean; modules: number; rows: Row[] }> {
  return JSON.parse(await readFile(join(path, 'benchmark.json'), 'utf8'));
}

/** Values of a column in the rows of an algorithm, by eLinks. */
async function column(algorithm: string, kind: string, name: string): Promise<(string | number | null)[]> {
  const { rows } = await table();
  return rows.filter((row) => row['algorithm'] === algorithm && row['kind'] === kind).map((row) => row[name]);
}

async function refusal(...argv: string[]): Promise<string> {
  const { code, err } = await run('benchmark', ...argv);
  expect(code).toBe(2);
  expect(err.length).toBe(1);
  return err[0].replaceAll(`${folder}/`, '').replace('ecoder-trainer: ', '');
}

let told: readonly string[];
beforeAll(async () => ({ out: told } = await runWell('benchmark', ...small, '-o', output)), 120_000);

describe('the table', () => {
  it('has every algorithm with its bits', async () => {
    const { rows, modules, isSynthetic } = await table();
    expect([modules, isSynthetic]).toEqual([80, true]);
    const lines = rows.map(
      (row) => `${row['algorithm']}|${row['kind']}|${row['elinks']}|${row['bits_per_module']}`,
    );
    for (const line of [
      'repeater|chip|11|352',
      'STC16_9|chip|2|64',
      'STC4_9|chip|5|160',
      'best choice|chip|2|64',
      'best choice|chip|5|160',
      'best choice|float|5|null',
      'STC16, shared|float|null|null',
      'threshold 1.35 MIP_T, buffered|chip|2|64',
      'zero|baseline|null|0',
      'mean pattern|baseline|null|0',
      'autoencoder, float, telescope|network|null|null',
      'autoencoder 6b, telescope|network|2|64',
      'autoencoder 6b, telescope|network|5|160',
    ]) {
      expect(lines).toContain(line);
    }
    expect(new Set(lines).size).toBe(lines.length);
    expect(rows.every((row) => row['data'] === 'synthetic')).toBe(true);
  });

  it('is the same as csv', async () => {
    const { rows } = await table();
    const [header, ...lines] = (await readFile(join(output, 'benchmark.csv'), 'utf8')).trim().split('\n');
    expect(header.split(',')).toEqual(Object.keys(rows[0]));
    expect(lines.length).toBe(rows.length);
    const [first] = lines.filter((line) => line.startsWith('repeater'));
    const repeater = rows.find((row) => row['algorithm'] === 'repeater')!;
    expect(first.split(',').map((field) => (field === '' ? null : field))).toEqual(
      Object.values(repeater).map((value) => (value === null ? null : String(value))),
    );
  });

  it('orders the algorithms as physics does', async () => {
    const [two, five] = (await column('best choice', 'chip', 'EMD_mean')) as number[];
    const [repeater] = (await column('repeater', 'chip', 'EMD_mean')) as number[];
    const [pattern] = (await column('mean pattern', 'baseline', 'EMD_mean')) as number[];
    const [sixteen] = (await column('STC16_9', 'chip', 'EMD_mean')) as number[];
    expect(repeater).toBeLessThan(five);
    expect(five).toBeLessThan(two);
    expect(two).toBeLessThan(pattern);
    expect(sixteen).toBeLessThan(pattern);
    const [chip, float] = [
      await column('best choice', 'chip', 'EMD_mean'),
      await column('best choice', 'float', 'EMD_mean'),
    ] as number[][];
    chip.forEach((value, i) => expect(value).toBeGreaterThan(0.95 * float[i]));
  });

  it('leaves empty modules out and counts them', async () => {
    expect(await column('zero', 'baseline', 'EMD_mean')).toEqual([null]);
    expect(await column('zero', 'baseline', 'empty_outputs')).toEqual([80]);
    expect(await column('zero', 'baseline', 'zero_frac')).toEqual([1]);
    expect(await column('repeater', 'chip', 'empty_outputs')).toEqual([0]);
    const [ratio] = (await column('repeater', 'chip', 'energy_ratio')) as number[];
    expect(Math.abs(ratio - 1)).toBeLessThan(0.02);
  });

  it('tells what networks cost', async () => {
    expect(await column('autoencoder 6b, telescope', 'network', 'encoder_params')).toEqual([2144, 2144]);
    expect(await column('autoencoder 6b, telescope', 'network', 'weight_bits')).toEqual([12864, 12864]);
    expect(await column('autoencoder, float, telescope', 'network', 'weight_bits')).toEqual([68608]);
    expect(await column('autoencoder, float, telescope', 'network', 'encoder_flops')).toEqual([6544]);
    expect(await column('autoencoder 6b, telescope', 'network', 'epochs')).toEqual([1, 1]);
  });
});

it('writes a report that says that the data is synthetic', async () => {
  const html = await readFile(join(output, 'report.html'), 'utf8');
  expect(html).toContain('Synthetic toy modules');
  expect(html).toContain('Super trigger cells');
  expect(told.at(-1)).toBe(`table in ${output}/benchmark.csv, report in ${output}/report.html`);
});

it('does not train again what is there, and adds runs and weights that were given', async () => {
  const trained = join(output, 'runs', 'qk-6b-tele-5-elinks', '8x8_c8_S2_tele_qK');
  const weights = join(output, 'runs', 'float-tele', '8x8_c8_S2_tele', 'exports', '8x8_c8_S2_tele.hdf5');
  const before = await stat(join(trained, 'history.csv'));
  const given = ['--runs', trained, '--weights', `8x8_c8_S2_tele:5:${weights}`];
  const { out } = await runWell('benchmark', ...small, '-o', output, ...given);
  expect(out.some((line) => line.startsWith('epoch'))).toBe(false);
  expect((await stat(join(trained, 'history.csv'))).mtimeMs).toBe(before.mtimeMs);
  const { rows } = await table();
  const scoresOf = (algorithm: string, elinks: number | null) => {
    const {
      algorithm: _,
      epochs,
      seconds,
      ...scores
    } = rows.find((row) => row['algorithm'] === algorithm && row['elinks'] === elinks)!;
    void [_, epochs, seconds];
    return scores;
  };
  expect(scoresOf(trained, 5)).toEqual(scoresOf('autoencoder 6b, telescope', 5));
  expect(scoresOf('8x8_c8_S2_tele', null)).toEqual(scoresOf('autoencoder, float, telescope', null));
  expect((await readdir(join(output, 'runs'))).sort()).toEqual([
    'float-tele',
    'qk-6b-tele-2-elinks',
    'qk-6b-tele-5-elinks',
  ]);
});

it('compares the algorithms of the chip alone', async () => {
  const path = join(folder, 'alone');
  await runWell('benchmark', ...data, '--elinks', '3', '--autoencoders=', '-o', path);
  const { rows } = await table(path);
  expect(rows.some((row) => row['kind'] === 'network')).toBe(false);
  expect(rows.filter((row) => row['elinks'] === 3).map((row) => row['algorithm'])).toContain('CTC4_7');
});

describe('a bad option', () => {
  it.each([
    [['--elinks', '5,5'], 'option --elinks: 5 is given twice, expected it once'],
    [['--elinks', '6'], 'option --elinks: got 6, expected a whole number, at least 2 and at most 5'],
    [
      ['--weights', '8x8_c8_S2_tele:file.hdf5'],
      'option --weights: got "8x8_c8_S2_tele:file.hdf5", expected NETWORK:ELINKS:FILE with 2 to 5 eLinks, such as 8x8_c8_S2_tele:5:file.hdf5',
    ],
    [
      ['--runs', 'nowhere'],
      'nowhere: no run of a network there; give a folder of one network, as train writes it',
    ],
    [
      ['--autoencoders', 'qk-7b'],
      'option --autoencoders: got "qk-7b", expected one of float-tele, qk-5b-wmse, qk-5b-tele, qk-6b-tele, qk-6b-emd, qk-6b-exact',
    ],
    [
      ['--batch-size', '1000'],
      'option --batch-size: 1000 is larger than the 320 training modules; choose at most 320, or give more data',
    ],
  ])('%j is refused before anything is trained', async (flags, message) => {
    const path = join(folder, 'refused');
    expect(await refusal(...data, '--autoencoders', 'float-tele', ...flags, '-o', path)).toBe(message);
    await expect(readdir(path)).rejects.toThrow('ENOENT');
  });

  it('that would make runs others than those that are there is refused', async () => {
    expect(await refusal(...small, '--seed', '4', '-o', output)).toBe(
      '--seed 4: the run at comparison/runs/float-tele/8x8_c8_S2_tele has 3; leave the option away, or start a new run',
    );
  });
});
