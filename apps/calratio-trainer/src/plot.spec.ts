import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeWithFixture, fixturePath, temporaryFolder } from '@hep/test-support';
import { run, runWell } from './testing/command-line.ts';

const FELIX = ['calratio', 'tests_data', 'felix_control_region.pkl'];
const folder = await temporaryFolder();

describe('plot', () => {
  it.each([
    [[], 'no input given, expected files of jets on the command line or input_files in a YAML file'],
    [['a=missing.csv'], 'missing.csv: no such file'],
    [['a=x.csv', 'a=y.csv'], 'input y.csv: the name a is taken'],
  ])('refuses %s in one line', async (inputs, message) => {
    const { code, err } = await run('plot', ...inputs, '-o', join(folder, 'none.html'));
    expect(code).toBe(2);
    expect(err).toEqual([expect.stringContaining(message)]);
  });
});

describe('plot of files that are no jets', () => {
  const refusal = async (name: string, content: string | Uint8Array) => {
    const path = join(folder, name);
    await writeFile(path, content);
    const { code, err } = await run('plot', path, '-o', join(folder, 'none.html'));
    expect({ code, lines: err.length }).toEqual({ code: 2, lines: 1 });
    return err[0].replace(folder, '');
  };

  it('names file, row and column', async () => {
    expect(await refusal('empty.csv', '')).toContain('/empty.csv');
    expect(await refusal('other.csv', 'a,b\n1,2\n')).toContain(
      '/other.csv: column missing of 2 present: label',
    );
    expect(await refusal('text.csv', 'label,jet_pt\nQCD,2\n')).toContain('/text.csv');
  });

  it('leaves no report behind', () => {
    expect(existsSync(join(folder, 'none.html'))).toBe(false);
  });
});

describe('plot of toy jets', () => {
  it('tells files of both samples apart', async () => {
    await runWell('toy', '-o', folder, '--rows', '200', '--control-rows', '100', '--format', 'csv');
    const report = join(folder, 'toy.html');
    const files = [`signal=${join(folder, 'main.csv')}`, `region=${join(folder, 'control.csv')}`];
    await runWell('plot', ...files, '--common-plots', 'jet_eta', '-o', report);
    const html = await readFile(report, 'utf8');
    expect(html).toContain('<td>main</td><td class="number">200</td><td class="number">814</td>');
    const rows = (await readFile(join(folder, 'main.csv'), 'utf8')).trimEnd().split('\n').slice(1);
    const signal = rows.filter((row) => row.startsWith('1,')).length;
    expect(html).toContain(`<td>signal</td><td>Signal MC (1)</td><td class="number">${signal}</td>`);
  });
});

describeWithFixture(FELIX, 'plot of a control region', () => {
  it('counts its jets by label', async () => {
    const report = join(folder, 'plots.html');
    await runWell('plot', `felix=${fixturePath(...FELIX)}`, '--common-plots', 'jet_pT', '-o', report);
    const html = await readFile(report, 'utf8');
    expect(html).toContain('<td>felix</td><td>Multijet MC (0)</td><td class="number">226</td>');
    expect(html).toContain('<td>felix</td><td>Multijet data (2)</td><td class="number">223</td>');
    expect(html.match(/data-figure=/g)).toHaveLength(2);
  });

  it('takes files, names of labels and spellings from a YAML file', async () => {
    const [report, config] = ['yaml.html', 'plot.yaml'].map((name) => join(folder, name));
    await writeFile(
      config,
      [
        `input_files: [{ input_file: ${fixturePath(...FELIX)}, legend_name: Adversary Data }]`,
        'common_plots: [[jet_pt, jet_pT], mcEventWeight]',
        'data_labels_adversary: { 0: dijets }',
        `output_report: ${report}`,
      ].join('\n'),
    );
    await runWell('plot', '--config', config);
    const html = await readFile(report, 'utf8');
    expect(html).toContain('<td>Adversary Data</td><td>dijets (0)</td><td class="number">226</td>');
    expect(html).toContain('<b>Figure 1.</b> jet_pt.');
    expect(html.match(/data-figure=/g)).toHaveLength(4);
  });
});
