import { existsSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readJets } from '@hep/jet-compression';
import { describeWithFixture, fixturePath, temporaryFolder } from '@hep/test-support';
import { run, runWell } from './testing/command-line.ts';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const four = ['m', 'pt', 'phi', 'eta'];

describe('encode and decode', () => {
  beforeAll(async () => {
    await runWell('toy', '-o', at('jets.csv'), '--rows', '3000');
    const quick = ['--epochs', '4', '--network', 'AE_3D_50', '--replicas', '1', '--initial-gain', '2.5'];
    await runWell('train', '-i', at('jets.csv'), '-o', at('run'), ...quick);
    await runWell('train', '-i', at('jets.csv'), '-o', at('other'), ...quick, '--seed', '2');
  });

  it.each([
    ['float32', ['--storage', 'float32'], 96],
    ['float16', [], 48],
    ['refined', ['--refine', '2'], 48],
    ['steps', ['--storage', 'steps', '--bits', '10'], 30],
  ])('compress jets to %s and restore them', async (name, more, bits) => {
    const packed = at(`${name}.jets`);
    const { out } = await runWell('encode', '-m', at('run'), '-i', at('jets.csv'), '-o', packed, ...more);
    const size = (await stat(packed)).size;
    expect(out[0]).toContain(`3000 jets in ${packed}: ${size} bytes`);
    expect(size).toBeLessThan((3000 * bits) / 8 + 1000);
    const [, mse] = /normalised MSE (\S+)/.exec(out.join('\n'))!;
    expect(Number(mse)).toBeLessThan(0.1);
    const back = at(`${name}.csv`);
    await runWell('decode', '-m', at('run'), '-i', packed, '-o', back);
    const [before, after] = [await readJets([at('jets.csv')], four), await readJets([back], four)];
    expect(after.rows).toBe(3000);
    const told = new RegExp(`pt: RMS error (\\S+?),`).exec(out.join('\n'))![1];
    const squares = before.columns.get('pt')!.map((pt, i) => (after.columns.get('pt')![i] - pt) ** 2);
    const rms = Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / 3000);
    expect(rms / Number(told)).toBeCloseTo(1, 3);
  });

  it('refuse a file of another network, and a damaged one, and write nothing', async () => {
    await runWell('encode', '-m', at('run'), '-i', at('jets.csv'), '-o', at('mine.jets'));
    const other = await run('decode', '-m', at('other'), '-i', at('mine.jets'), '-o', at('wrong.csv'));
    expect([other.code, other.err.length]).toEqual([2, 1]);
    expect(other.err[0]).toContain('was compressed by another network');
    const bytes = await readFile(at('mine.jets'));
    await writeFile(at('cut.jets'), bytes.subarray(0, bytes.length - 500));
    const cut = await run('decode', '-m', at('run'), '-i', at('cut.jets'), '-o', at('wrong.csv'));
    expect([cut.code, cut.err.length]).toEqual([2, 1]);
    expect(cut.err[0]).toContain('ends within a block');
    expect(existsSync(at('wrong.csv'))).toBe(false);
  });

  it('name jets that cannot be compressed, or leave them out', async () => {
    const lines = (await readFile(at('jets.csv'), 'utf8')).split('\n').slice(0, 21);
    lines[5] = '5000,0,0.1,0.2';
    lines[9] = '5000,-1,0.1,0.2';
    lines[12] = ',30000,0.1,0.2';
    await writeFile(at('bad.csv'), `${lines.join('\n')}\n`);
    const encode = (...more: string[]) =>
      run('encode', '-m', at('run'), '-i', at('bad.csv'), '-o', at('bad.jets'), ...more);
    const refused = await encode();
    expect([refused.code, refused.err.length]).toEqual([2, 1]);
    expect(refused.err[0]).toContain(
      `${at('bad.csv')}: row 4: pt is 0, expected above 0; ${at('bad.csv')}: row 8: pt is -1, expected above 0; ` +
        `${at('bad.csv')}: row 11: m is NaN, expected above -1; correct them, or leave them out with --drop-invalid`,
    );
    expect(existsSync(at('bad.jets'))).toBe(false);
    const { code, out } = await encode('--drop-invalid');
    expect(code).toBe(0);
    expect(out[0]).toBe('3 jets left out: values that cannot be normalised');
    expect(out[1]).toContain('17 jets in');
  });

  it('compress no jets to a file of none', async () => {
    await writeFile(at('none.csv'), 'm,pt,phi,eta\n');
    const { out } = await runWell('encode', '-m', at('run'), '-i', at('none.csv'), '-o', at('none.jets'));
    const { size } = await stat(at('none.jets'));
    expect(out).toEqual([`no jets in ${at('none.jets')}, ${size} bytes; check files and tree`]);
    const back = await runWell('decode', '-m', at('run'), '-i', at('none.jets'), '-o', at('back.csv'));
    expect(back.out).toEqual([`0 jets in ${at('back.csv')}`]);
  });

  it('say what is missing', async () => {
    await writeFile(at('short.csv'), 'm,pt,phi,etta\n1,2,3,4\n');
    const { code, err } = await run('encode', '-m', at('run'), '-i', at('short.csv'), '-o', at('x.jets'));
    expect(code).toBe(2);
    expect(err).toEqual([
      expect.stringContaining(
        'short.csv: no column or branch eta (did you mean etta?); it has m, pt, phi, etta',
      ),
    ]);
    const same = await run('encode', '-m', at('run'), '-i', at('jets.csv'), '-o', at('jets.csv'));
    expect([same.code, same.err[0]]).toEqual([2, expect.stringContaining('jets.csv: is an input')]);
    for (const output of ['-o', '--anomaly-scores']) {
      const { code, err } = await run(
        ...['evaluate', '-m', at('run'), '-i', at('jets.csv'), output, at('jets.csv')],
      );
      expect([code, err]).toEqual([2, [expect.stringContaining('jets.csv: is an input')]]);
    }
    const none = await run('encode', '-m', at('nowhere'), '-i', at('jets.csv'), '-o', at('x.jets'));
    expect(none.err[0]).toContain('nowhere: no trained network there');
  });

  it('evaluate tells error, baselines and anomaly scores', async () => {
    const scores = at('scores.csv');
    const arguments_ = [
      '-m',
      at('run'),
      '-i',
      at('jets.csv'),
      '-o',
      at('report.html'),
      '--anomaly-scores',
      scores,
    ];
    const { out } = await runWell('evaluate', ...arguments_);
    const record = JSON.parse(await readFile(join(at('run'), 'run.json'), 'utf8'));
    expect(out[0]).toContain(`normalised MSE ${record.scores.mse.toExponential(3)} on`);
    expect(out.some((line) => line.includes('3 principal components, float16'))).toBe(true);
    const lines = (await readFile(scores, 'utf8')).trimEnd().split('\n');
    expect(lines[0]).toBe('jet,score');
    const values = lines.slice(1).map((line) => Number(line.split(',')[1]));
    expect(values.reduce((sum, value) => sum + value, 0) / values.length / record.scores.mse).toBeCloseTo(
      1,
      4,
    );
  });
});

describeWithFixture(['jet-autoencoder'], 'the published checkpoint', () => {
  it('compresses the jets of the study with its error', async () => {
    const fixture = (name: string) => fixturePath('jet-autoencoder', name);
    const arguments_ = [
      '-m',
      fixture('4D_TLA.json'),
      '-i',
      fixture('jets_test_4D.csv'),
      '-o',
      at('evaluation.html'),
    ];
    const { out } = await runWell('evaluate', ...arguments_, '--part', 'all');
    expect(out[0]).toBe('normalised MSE 5.245e-4 on 27785 of 27945 jets');
  });

  it('is exported, and the exports are the same network', async () => {
    const checkpoint = fixturePath('jet-autoencoder', '4D_TLA.json');
    await runWell('export', '-m', checkpoint, '-o', at('exported'));
    const few = at('few.csv');
    await runWell('toy', '-o', few, '--rows', '40');
    await runWell('encode', '-m', checkpoint, '-i', few, '-o', at('published.jets'));
    await runWell('encode', '-m', at('exported'), '-i', few, '-o', at('exported.jets'));
    expect(await readFile(at('exported.jets'))).toEqual(await readFile(at('published.jets')));
  });
});
