import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generateToyJets, loadJetTable } from '@hep/calratio-jets';
import { calRatioNetwork, JET_INPUTS, networkInputs, writeCalRatioExports } from '@hep/calratio-rnn';
import type { FlatColumn } from '@hep/datasets/columns';
import { openColumns, writeColumns } from '@hep/datasets/columns';
import { eagerRunner, initialise, predict, sizeOf } from '@hep/nn';
import { describeWithFixture, expectClose, fixturePath, temporaryFolder } from '@hep/test-support';
import { networkOfRun } from './networks/run-network.ts';
import { run, runWell } from './testing/command-line.ts';
import { SMALL } from './testing/small-training.ts';

const folder = await temporaryFolder();
const at = (...names: string[]) => join(folder, ...names);

const network = calRatioNetwork({ massParameters: ['llp_mH'], lstmUnits: { constit: 0, track: 0, MSeg: 0 } });
await writeCalRatioExports(at('told-masses'), network, initialise(network.original.parameterSpecs, 1), [
  'keras',
]);

it('scores toy jets with a run, batch after batch, as the network itself does', async () => {
  await runWell('toy', '--rows', '1500', '--control-rows', '10', '-o', at('toy'));
  await runWell('train', ...SMALL, '-o', at('runs'), '--epochs', '1', '--compare-without-adversary=false');
  const tagger = at('runs', 'default', '00000');
  await runWell('score', at('toy', 'main.parquet'), tagger, '-o', at('scores', 'report.html'));
  const file = await openColumns(at('scores', 'scores-main.parquet'));
  const table = await file.read([...file.types.keys()]);
  await file.close();
  expect(Object.fromEntries(file.types)).toMatchObject({
    label: 'uint8',
    jet_pt: 'float32',
    jet_nn_bib: 'float32',
  });

  const { table: jets } = await loadJetTable([at('toy', 'main.parquet')], { sample: 'main' });
  const { model, weights } = await networkOfRun(tagger, undefined, () => undefined);
  const { columns } = networkInputs(jets, 'jets');
  const rows = [0, 1023, 1024, 1499];
  const inputs = JET_INPUTS.map((name) => {
    const { rowShape, values } = columns[name];
    const picked = rows.flatMap((row) => [
      ...values.slice(row * sizeOf(rowShape), (row + 1) * sizeOf(rowShape)),
    ]);
    return [`${name}_input_cr`, { shape: [rows.length, ...rowShape], values: picked }] as const;
  });
  const operands = { ...weights, ...Object.fromEntries(inputs) };
  const found = await eagerRunner.run((tensors) => predict(model, tensors, tensors), operands);
  const numbers = (name: string) => (table.columns.get(name) as FlatColumn).values;
  const scored = rows.flatMap((row) =>
    ['jet_nn_qcd', 'jet_nn_sig', 'jet_nn_bib'].map((name) => Number(numbers(name)[row])),
  );
  expectClose(scored, found['main_output'].values, { absolute: 1e-5 });
  expect(numbers('label')).toEqual(jets.columns.get('label')!.values);
  expect(numbers('jet_pt')).toEqual(jets.columns.get('jet_pt')!.values);
});

it('tells of jets that build has not scaled', async () => {
  const { rows, columns } = generateToyJets({ rows: 20, seed: 1, sample: 'main' });
  const jetPt = (columns.get('jet_pt') as FlatColumn).values as Float32Array;
  const unscaled = { kind: 'flat' as const, values: jetPt.map((pt) => 500 * pt) };
  const paths = ['scaled', 'unscaled'].map((name) => at(`${name}.parquet`));
  await writeColumns(paths[0], [{ rows, columns }]);
  await writeColumns(paths[1], [{ rows, columns: new Map([...columns, ['jet_pt', unscaled]]) }]);
  const network = [at('told-masses', 'final_model.keras'), '--llp-mH', '125'];
  const { out } = await runWell('score', at('*scaled.parquet'), ...network, '-o', at('un', 'r.html'));
  expect(out.filter((line) => line.startsWith('warning'))).toEqual([
    `warning: ${paths[1]}: every jet has a pT above 2; a converted table that build has not scaled?`,
  ]);
});

describeWithFixture(['calratio', 'tests_data'], 'score', () => {
  const region = fixturePath('calratio', 'tests_data', 'felix_control_region.pkl');
  const background = fixturePath('calratio', 'tests_data', 'bib.pkl');
  const tagger = [
    fixturePath('calratio', 'final_model_architecture.json'),
    '--weights',
    fixturePath('calratio', 'tests_data', 'final_model_weights_1.keras'),
  ];

  it('gives the scores of the reference for each jet, and tells what became of them', async () => {
    const { out } = await runWell(
      'score',
      region,
      ...tagger,
      '-o',
      at('felix', 'report.html'),
      '--format',
      'csv',
    );
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
      (rows.filter(([, , , , qcd, sig, bib]) => isCounted(qcd, sig, bib)).length / 449).toFixed(4);
    const [largest, half, most] = [
      part((qcd, sig, bib) => sig > qcd && sig > bib),
      part((_, sig) => sig > 0.5),
      part((_, sig) => sig > 0.8),
    ];
    expect(out).toContain(
      `${csv}: 449 jets, signal score largest in ${largest}, above 0.5 in ${half}, above 0.8 in ${most}`,
    );
    expect(out.join('\n')).not.toContain('warning');
    expect(out.some((line) => /: \d+ values that are no finite numbers count as 0$/.test(line))).toBe(true);
    const report = await readFile(at('felix', 'report.html'), 'utf8');
    expect(report).toContain(`<td class="number">${largest}</td>`);
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
      ...[
        'r.html',
        'scores-bib.parquet',
        'scores-felix_control_region.parquet',
        'scores-one_length_file.parquet',
      ],
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
      'what is no table',
      [fixturePath('calratio', 'tests_data', 'final_model.keras'), ...tagger],
      'metadata.json is no NumPy array',
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
