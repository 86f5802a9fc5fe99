import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { goldenPath, temporaryFolder } from '@hep/test-support';
import { run, runWell } from './testing/command-line.ts';
import { numbersOf } from './testing/run-content.ts';

const folder = await temporaryFolder();
const data = join(folder, 'toy.csv');
const runs = join(folder, 'runs');
const small = ['--epochs', '1', '--batch-size', '64'];

beforeAll(() => runWell('toy', '-o', data, '--rows', '300'));

describe('quantised networks', () => {
  const names = ['8x8_c8_S2_tele_qK', 'SepConv_663_pool_qK', '8x8_c8_S2_qK_RTL_MSE'];
  const models = '8x8_c8_S2_tele,SepConv_663_pool,8x8_c8_S2_qK_RTL_MSE';

  beforeAll(() =>
    runWell('train', '-i', data, '-o', runs, ...small, '--models', models, '--quantize', '--n-elinks', '2'),
  );

  it.each(names)('%s: latent vectors of 3 bits, with report, summary and exports', async (name) => {
    const latent = (await readFile(join(runs, name, 'exports', 'verify_output.csv'), 'utf8')).trim();
    for (const number of latent.split(',')) expect(number).toMatch(/^[01]\.(00|25|50|75)0{10}$/);
    expect(await readFile(join(runs, name, 'report.html'), 'utf8')).toContain('Bits of the latent vector');
    expect(await readFile(join(runs, 'summary.csv'), 'utf8')).toContain(`\n${name},`);
    const exports = await readdir(join(runs, name, 'exports'));
    for (const ending of ['json', 'hdf5', 'pb', 'onnx'])
      expect(exports).toContain(`encoder_${name}.${ending}`);
  });

  it('go on and export with the bits that they have', async () => {
    const [name] = names;
    const exported = join(folder, 'exported');
    await runWell('export', join(runs, name), '-o', exported);
    const file = `encoder_${name}.onnx`;
    const [first, second] = await Promise.all(
      [exported, join(runs, name, 'exports')].map((path) => readFile(join(path, file))),
    );
    expect(first.equals(second)).toBe(true);
    await runWell('train', '--resume', join(runs, name), '--epochs', '2');
    const straight = join(folder, 'straight');
    const whole = ['--epochs', '2', '--batch-size', '64', '--models', name, '--n-elinks', '2'];
    await runWell('train', '-i', data, '-o', straight, ...whole);
    expect(await numbersOf(join(runs, name))).toEqual(await numbersOf(join(straight, name)));
    const { err } = await run('train', '--resume', join(runs, name), '--n-elinks', '3');
    expect(err[0]).toContain('--n-elinks 3: the run at');
  });
});

describe('files of QKeras', () => {
  const golden = (name: string) => goldenPath('quant', `encoder_8x8_c8_S2_qK_el5.${name}`);
  const architecture = golden('json');
  const weights = golden('hdf5');

  it('come out as codes, registers and graphs', async () => {
    const target = join(folder, 'read');
    const { out } = await runWell(
      'export',
      '--architecture',
      architecture,
      '--weights',
      weights,
      '-o',
      target,
    );
    const stem = 'encoder_8x8_c8_S2_qK_el5';
    expect((await readdir(target)).sort()).toEqual(
      ['.hdf5', '.json', '.onnx', '.pb', '.pb.ascii', '_qweights.csv', '_qweights.json', '_qweights.npz']
        .map((ending) => `${stem}${ending}`)
        .concat(`${stem}_registers.csv`),
    );
    expect(out.at(-1)).toMatch(/_registers.csv \(\d+ weights are not among the chip's and were moved\)$/);
    const registers = (await readFile(join(target, `${stem}_registers.csv`), 'utf8')).trim().split(',');
    expect(registers.map((register) => register.length)).toEqual(new Array(12).fill(2 + 268));
    expect(await readFile(join(target, `${stem}.json`), 'utf8')).not.toContain('"module"');
    const newer = join(folder, 'newer');
    await runWell('export', '--architecture', architecture, '--weights', weights, '-o', newer, '--keras215');
    expect(await readFile(join(newer, `${stem}.json`), 'utf8')).toContain('"module":"qkeras.qlayers"');
  });

  it.each([
    [
      'another network',
      '8x8_c8_pool_tele_qK',
      'tensor encoder/conv2d_0_m/kernel of shape [3, 3, 1, 8] is missing',
    ],
    ['a network in float32', '8x8_c8_S2_tele', 'these are the weights of another model'],
  ])('with weights for %s are refused', async (_, model, message) => {
    const { code, err } = await run('export', '--model', model, '--weights', weights, '-o', folder);
    expect([code, err.length]).toEqual([2, 1]);
    expect(err[0]).toContain(message);
  });

  it('with a quantiser that does not parse are refused', async () => {
    const text = await readFile(architecture, 'utf8');
    const broken = join(folder, 'broken.json');
    await writeFile(broken, text.replaceAll('"quantized_relu"', '"quantised"'));
    const { code, err } = await run('export', '--architecture', broken, '--weights', weights, '-o', folder);
    expect([code, err.length]).toEqual([2, 1]);
    expect(err[0]).toContain('broken.json: layer encod_qa: activation: quantiser');
  });
});

describe('formats', () => {
  const flops = async (...flags: string[]) => (await runWell('flops', ...flags)).out;

  it('counts quantisers apart from the operations of the study', async () => {
    const lines = await flops('8x8_c8_S2_qK_RTL_tele');
    const cells = (label: string) =>
      lines
        .find((line) => line.startsWith(label))
        ?.match(/\d+/g)
        ?.map(Number);
    expect(cells('encoder in total')).toEqual([2144, 6544, 64 + 128 + 16]);
    expect(cells('decoder in total')).toEqual([2833, 32448, 0]);
  });

  it.each([
    [['--bits-conv', '0,1'], 'bits of conv: quantized_bits: bits is 0, expected an integer from 1 to 32'],
    [
      ['--bits-latent', '3,4'],
      'bits of latent: quantized_bits: integer is 4 of 3 bits, expected an integer from 0 to 3',
    ],
    [['--model-bits', 'nom_qK:dense:2:3'], 'bits of dense: quantized_bits: integer is 3 of 2 bits'],
    [['--bits-dense', '6'], 'option --bits-dense: got [6], expected a list of 2, each a whole number'],
    [['--model-bits', 'nom_qK:weights:6:0'], 'option --model-bits: got "nom_qK:weights:6:0", expected'],
    [
      ['--model-bits', 'pool_qK:conv:6:0'],
      'option --model-bits: pool_qK is none of the chosen quantised networks (nom_qK)',
    ],
  ])('refuses %j', async (flags, message) => {
    const { code, err } = await run('flops', 'nom', '--quantize', ...flags);
    expect([code, err.length]).toEqual([2, 1]);
    expect(err[0]).toContain(`ecoder-trainer: ${message}`);
  });

  it('refuses impossible ones of a YAML file, too', async () => {
    const config = join(folder, 'bits.yaml');
    await writeFile(config, 'quantize: true\nbits-latent: [9, 10]\n');
    const { code, err } = await run('train', '--config', config, '-o', join(folder, 'none'));
    expect([code, err.length]).toEqual([2, 1]);
    expect(err[0]).toContain(
      'bits of latent: quantized_bits: integer is 10 of 9 bits, expected an integer from 0',
    );
    await writeFile(config, 'bits-latent: nine\n');
    const text = await run('train', '--config', config, '-o', join(folder, 'none'));
    expect(text.err[0]).toContain('bits.yaml line 1, key bits-latent: got "nine", expected a whole number');
  });

  it('refuses formats that no network uses, and a network given twice', async () => {
    expect((await run('flops', 'nom', '--bits-conv', '6,0')).err[0]).toContain(
      'no quantised network is chosen',
    );
    expect((await run('flops', 'nom', 'nom_qK', '--quantize')).err[0]).toContain('nom_qK is given twice');
  });
});
