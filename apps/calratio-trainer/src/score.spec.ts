import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { calRatioNetwork, writeCalRatioExports } from '@hep/calratio-rnn';
import { initialise } from '@hep/nn';
import { describeWithFixture, expectClose, fixturePath, temporaryFolder } from '@hep/test-support';
import { run, runWell } from './testing/command-line.ts';

const folder = await temporaryFolder();
const at = (...names: string[]) => join(folder, ...names);

const network = calRatioNetwork({ massParameters: ['llp_mH'], lstmUnits: { constit: 0, track: 0, MSeg: 0 } });
await writeCalRatioExports(at('told-masses'), network, initialise(network.original.parameterSpecs, 1), [
  'keras',
]);

describeWithFixture(['calratio', 'tests_data'], 'score', () => {
  const region = fixturePath('calratio', 'tests_data', 'felix_control_region.pkl');
  const background = fixturePath('calratio', 'tests_data', 'bib.pkl');
  const tagger = [
    fixturePath('calratio', 'final_model_architecture.json'),
    '--weights',
    fixturePath('calratio', 'tests_data', 'final_model_weights_1.keras'),
  ];

  it('gives the scores of the reference for each jet, and tells what became of them', async () => {
    const { out } = await runWell('score', region, ...tagger, '-o', at('felix', 'report.html'));
    const csv = at('felix', 'scores-felix_control_region.csv');
    const [header, ...lines] = (await readFile(csv, 'utf8')).trim().split('\n');
    expect(header).toBe('jet_pt,jet_eta,jet_phi,label,jet_nn_qcd,jet_nn_sig,jet_nn_bib');
    expect(lines).toHaveLength(449);
    const rows = lines.map((line) => line.split(',').map(Number));
    const recorded = JSON.parse(
      await readFile(fixturePath('calratio', 'final_model_io_felix_control_region.json'), 'utf8'),
    ) as { output: number[][]; jet: number[][] };
    recorded.output.forEach((output, jet) => {
      expectClose(rows[jet].slice(0, 3), recorded.jet[jet], { absolute: 1e-6 });
      expectClose(rows[jet].slice(4), output, { absolute: 1e-6 });
    });

    const part = (isCounted: (qcd: number, sig: number, bib: number) => boolean) =>
      Math.round((1e4 * rows.filter(([, , , , qcd, sig, bib]) => isCounted(qcd, sig, bib)).length) / 449) /
      1e4;
    const [largest, half, most] = [
      part((qcd, sig, bib) => sig > qcd && sig > bib),
      part((_, sig) => sig > 0.5),
      part((_, sig) => sig > 0.8),
    ];
    expect(out).toContain(
      `${csv}: 449 jets, signal score largest in ${largest}, above 0.5 in ${half}, above 0.8 in ${most}`,
    );
    expect(out.some((line) => /: \d+ values that are no finite numbers count as 0$/.test(line))).toBe(true);
    const report = await readFile(at('felix', 'report.html'), 'utf8');
    expect(report).toContain(`<td>${largest.toFixed(4)}</td>`);
  });

  it('writes one table for each file', async () => {
    const { out } = await runWell(
      'score',
      region.replace(/[^/]*$/, '*.pkl'),
      ...tagger,
      '-o',
      at('all', 'r.html'),
    );
    expect((await readdir(at('all'))).sort()).toEqual([
      ...['r.html', 'scores-bib.csv', 'scores-felix_control_region.csv', 'scores-one_length_file.csv'],
    ]);
    expect(out.filter((line) => line.includes(' jets, signal score'))).toHaveLength(3);
  });

  it.each<[string, string[], string]>([
    [
      'a network that is told masses',
      [region, at('told-masses', 'final_model.keras')],
      'needs --llp-mH, --llp-mS or both',
    ],
    [
      'a mass for a network without',
      [region, ...tagger, '--llp-mH', '125'],
      'has shape [30,12], expected [30,13]',
    ],
    [
      'a table without the columns',
      [fixturePath('calratio', 'tests_data', 'final_model.keras'), ...tagger],
      'unknown format',
    ],
    ['no files', [at('absent*.pkl'), ...tagger], 'no such file'],
  ])('refuses %s', async (_, argv, message) => {
    const { code, err } = await run('score', ...argv, '-o', at('bad', 'report.html'));
    expect(code).toBe(2);
    expect(err).toHaveLength(1);
    expect(err[0]).toContain(message);
  });

  it('scores with masses for a network that is told them', async () => {
    const masses = ['--llp-mH', '125'];
    const { out } = await runWell(
      'score',
      background,
      at('told-masses', 'final_model.keras'),
      ...masses,
      '-o',
      at('m', 'r.html'),
    );
    expect(out.join('\n')).toContain('558 jets');
  });
});
