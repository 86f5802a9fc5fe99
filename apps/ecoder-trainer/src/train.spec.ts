import { mkdir, readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { readKerasWeights } from '@hep/model-files';
import { readHistory } from '@hep/training';
import { runCli } from '@hep/options';
import { temporaryFolder } from '@hep/test-support';
import { program } from './program.ts';
import { run, runWell } from './testing/command-line.ts';
import { numbersOf } from './testing/run-content.ts';

const MODELS = ['8x8_c8_S2_tele', 'c[8,8]'];

const folder = await temporaryFolder();
const data = join(folder, 'toy.csv');
const first = join(folder, 'first');
const train = (output: string, ...flags: string[]) =>
  runWell('train', '-i', data, '-o', output, '--epochs', '2', '--batch-size', '64', ...flags);
const text = (...path: string[]) => readFile(join(...path), 'utf8');

describe('train', () => {
  let lines: readonly string[];

  beforeAll(async () => {
    await runWell('toy', '-o', data, '--rows', '600', '--seed', '3');
    lines = (await train(first, '--models', MODELS.join())).out;
  });

  it('tells data, engine, epochs and scores', () => {
    expect(lines[0]).toBe('480 training and 120 validation modules');
    expect(lines[1]).toMatch(/^8x8_c8_S2_tele: telescope on onnxruntime cpu, \d replicas? x \d threads?$/);
    expect(
      lines.filter((line) => /^epoch [12]\/2 {2}loss \S+ {2}val_loss \S+ {2}lr 0.001 {2}/.test(line)).length,
    ).toBe(4);
    expect(
      lines.filter((line) => /: EMD \d\.\d{4} ± \d\.\d{4} over 120 validation modules$/.test(line)).length,
    ).toBe(2);
  });

  it.each(MODELS)('%s: writes every file of a run', async (name) => {
    const path = join(first, name);
    const least: Record<string, number> = {
      'config.yaml': 300,
      'run.json': 800,
      'history.csv': 100,
      'report.html': 1_000_000,
      'checkpoints/epoch-0001.checkpoint': 50_000,
      'checkpoints/epoch-0002.checkpoint': 50_000,
      [`exports/${name}.json`]: 2000,
      [`exports/${name}.hdf5`]: 20_000,
      ...Object.fromEntries(
        ['encoder', 'decoder'].flatMap((part) => [
          [`exports/${part}_${name}.json`, 1000],
          [`exports/${part}_${name}.hdf5`, 10_000],
          [`exports/${part}_${name}.pb`, 8000],
          [`exports/${part}_${name}.pb.ascii`, 20_000],
          [`exports/${part}_${name}.onnx`, 8000],
        ]),
      ),
      ...Object.fromEntries(
        ['input_ae', 'input_ae_abs', 'input_calQ', 'output', 'decoded', 'decoded_calQ'].map((file) => [
          `exports/verify_${file}.csv`,
          16 * 13,
        ]),
      ),
    };
    for (const [file, bytes] of Object.entries(least)) {
      expect([file, (await stat(join(path, file))).size]).toEqual([file, expect.any(Number)]);
      expect([file, (await stat(join(path, file))).size >= bytes]).toEqual([file, true]);
    }
    for (const part of ['train', 'validation']) {
      expect((await readdir(join(path, 'tensorboard', part))).length).toBe(1);
    }
  });

  it('keeps a history that falls', async () => {
    const rows = await readHistory(join(first, MODELS[0], 'history.csv'));
    expect(rows.map(({ epoch, learningRate }) => [epoch, learningRate])).toEqual([
      [1, Math.fround(1e-3)],
      [2, Math.fround(1e-3)],
    ]);
    const losses = rows.map(({ values }) => [values['loss'], values['val_loss']]);
    expect(losses[1][0]).toBeLessThan(losses[0][0]);
    expect(losses[1][1]).toBeLessThan(losses[0][1]);
  });

  it('compares the networks in one table', async () => {
    const summary: Record<string, unknown>[] = JSON.parse(await text(first, 'summary.json'));
    expect(summary).toMatchObject([
      { name: MODELS[0], en_pams: 2144, tot_pams: 4977, en_flops: 6544, EMD_ae: expect.any(Number) },
      { name: MODELS[1], en_pams: 2872, tot_pams: 6435, EMD_stc: null },
    ]);
    const rows = (await text(first, 'summary.csv')).trimEnd().split('\n');
    expect(rows[0]).toMatch(/^name,en_pams,tot_pams,en_flops,EMD_ae,EMD_ae_err,/);
    expect(rows[1]).toBe(
      `${Object.values(summary[0])
        .map((value) => value ?? 'NaN')
        .join()}`,
    );
    expect(rows[2]).toMatch(/^"c\[8,8\]",2872,6435,/);
  });

  it('has all metrics of the study in each report, and in the table where they are asked for', async () => {
    await runWell('resume', first, '--full');
    const [{ dMean_ae, dRMS_ae, zero_frac_ae, SSD_ae, ...rest }] = JSON.parse(
      await text(first, 'summary.json'),
    );
    expect([dMean_ae, dRMS_ae, SSD_ae].every((value) => value > 0)).toBe(true);
    expect(zero_frac_ae).toBe(0);
    expect(dMean_ae).toBeLessThan(rest['EMD_ae']);
    const report = await text(first, MODELS[0], 'report.html');
    for (const metric of ['EMD', 'dMean', 'dRMS', 'zero_frac', 'SSD'])
      expect(report).toContain(`<td>${metric}</td>`);
    expect(report).toContain('Against the pseudorapidity of the module.');
    expect(report).toContain('trigger cells above 1 MIP<sub>T</sub>.</figcaption>');
  });

  it('records seed, versions, inputs, device and scores', async () => {
    const record = JSON.parse(await text(first, MODELS[0], 'run.json'));
    expect(record).toMatchObject({
      status: 'finished',
      seed: 1,
      versions: { 'ecoder-trainer': '0.1.0' },
      inputs: [{ path: data, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }],
      device: expect.stringContaining('onnxruntime'),
      result: { epochs: 2, stoppedBy: 'epochs' },
      scores: { name: MODELS[0], encoderFlops: 6544 },
    });
  });

  it('writes verification rows of one module: 64 pixels, 48 cells, 16 latent numbers', async () => {
    const fields = async (file: string) =>
      (await text(first, MODELS[0], 'exports', `verify_${file}.csv`)).trimEnd().split(',').map(Number);
    const [image, absolute, calq] = await Promise.all(['input_ae', 'input_ae_abs', 'input_calQ'].map(fields));
    const [latent, decoded] = await Promise.all(['output', 'decoded'].map(fields));
    expect([image, absolute, calq, latent, decoded].map(({ length }) => length)).toEqual([
      64, 64, 48, 16, 64,
    ]);
    const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
    expect(sum(absolute)).toBeCloseTo(35 * sum(calq), 3);
    expect(sum(image)).toBeGreaterThanOrEqual(1);
    expect(sum(image)).toBeLessThan(2);
    expect(Math.max(...decoded)).toBeLessThan(1);
  });

  it('names Keras layers in the weight files', async () => {
    const { layers } = await readKerasWeights(join(first, MODELS[0], 'exports', `encoder_${MODELS[0]}.hdf5`));
    const shapes = [...layers].flatMap(([, tensors]) => tensors.map(({ name, shape }) => [name, [...shape]]));
    expect(shapes).toEqual([
      ['conv2d/kernel', [3, 3, 1, 8]],
      ['conv2d/bias', [8]],
      ['encoded_vector/kernel', [128, 16]],
      ['encoded_vector/bias', [16]],
    ]);
  });

  it('gives the same numbers for the same seed, other ones for another', async () => {
    const [again, other] = [join(folder, 'again'), join(folder, 'other')];
    await train(again);
    await train(other, '--seed', '2');
    const numbers = await numbersOf(join(first, MODELS[0]));
    expect(await numbersOf(join(again, MODELS[0]))).toEqual(numbers);
    const others = await numbersOf(join(other, MODELS[0]));
    expect(others.history).not.toEqual(numbers.history);
    expect(others.weights).not.toEqual(numbers.weights);
  });

  it('repeats a command and a single run from their saved options', async () => {
    const [command, single] = [join(folder, 'command'), join(folder, 'single')];
    await runWell('train', '--config', join(first, 'config.yaml'), '-o', command);
    await runWell('train', '--config', join(first, MODELS[1], 'config.yaml'), '-o', single);
    for (const name of MODELS) {
      expect(await numbersOf(join(command, name))).toEqual(await numbersOf(join(first, name)));
    }
    expect(await numbersOf(join(single, MODELS[1]))).toEqual(await numbersOf(join(first, MODELS[1])));
    expect(await readdir(single)).not.toContain(MODELS[0]);
  });

  it('adds a network to earlier results and keeps them in the summary', async () => {
    const output = join(folder, 'grown');
    await train(output, '--models', MODELS[0]);
    const before = await numbersOf(join(output, MODELS[0]));
    await train(output, '--models', 'dim12');
    expect(await numbersOf(join(output, MODELS[0]))).toEqual(before);
    const summary: { name: string }[] = JSON.parse(await text(output, 'summary.json'));
    expect(summary.map(({ name }) => name)).toEqual(['dim12', MODELS[0]]);
  });

  it('trains with weights of modules, validation counting every module alike', async () => {
    const output = join(folder, 'weighted');
    await train(output, '--weight', 'eta', '--tensorboard=false');
    const [{ values }] = await readHistory(join(output, MODELS[0], 'history.csv'));
    const [plain] = await readHistory(join(first, MODELS[0], 'history.csv'));
    expect(values['loss'] / plain.values['loss']).toBeGreaterThan(1.5);
    expect(values['val_loss'] / plain.values['val_loss']).toBeLessThan(1.1);
    expect(await readdir(join(output, MODELS[0], 'tensorboard'))).toEqual([]);
  });

  it('reads folders of files, and trains on the eager engine as well', async () => {
    const inputs = join(folder, 'inputs');
    await mkdir(inputs);
    await runWell('toy', '-o', join(inputs, 'a.csv'), '--rows', '40', '--seed', '3');
    await runWell('toy', '-o', join(inputs, 'b.csv'), '--rows', '60', '--seed', '4');
    const small = ['train', '-i', inputs, '--epochs', '1', '--batch-size', '40'];
    const { out } = await runWell(...small, '-o', join(folder, 'onnx'));
    expect(out[0]).toBe('80 training and 20 validation modules');
    await runWell(...small, '-o', join(folder, 'eager'), '--engine', 'tfjs', '--tfjs-backend', 'cpu');
    const loss = async (engine: string) =>
      (await readHistory(join(folder, engine, MODELS[0], 'history.csv')))[0].values['val_loss'];
    const [compiled, eager] = [await loss('onnx'), await loss('eager')];
    expect(Math.abs(compiled / eager - 1)).toBeLessThan(1e-5);
  });

  it('leaves the main thread free while it trains', async () => {
    const delay = monitorEventLoopDelay({ resolution: 5 });
    let [turns, isTraining] = [0, false];
    const count = () => {
      turns++;
      if (isTraining) setImmediate(count);
    };
    const out = (line: string) => {
      if (!line.startsWith('epoch ')) return;
      if (line.startsWith('epoch  1/')) {
        isTraining = true;
        delay.enable();
        count();
      }
      if (line.startsWith('epoch 20/')) {
        isTraining = false;
        delay.disable();
      }
    };
    const argv = ['train', '-i', data, '-o', join(folder, 'free'), '--epochs', '20', '--batch-size', '64'];
    expect(await runCli(program, argv, { out, err: () => undefined })).toBe(0);
    process.stdout.write(`longest pause of the main thread: ${(delay.max / 1e6).toFixed(0)} ms\n`);
    // 19 epochs computed on this thread would let it turn a few times each.
    expect(turns).toBeGreaterThan(1000);
  });

  it('trains on synthetic modules without an input, and says so', async () => {
    const output = join(folder, 'synthetic');
    const flags = ['--toy-rows', '100', '--batch-size', '40', '--epochs', '1', '--seed', '5'];
    const { out } = await run('train', '-o', output, ...flags);
    expect(out[0]).toBe('80 training and 20 validation modules, synthetic (seed 5)');
    expect(out.join()).toMatch(/over 20 validation modules \(synthetic data\)/);
    expect(await text(output, MODELS[0], 'report.html')).toContain('Synthetic toy modules');
  });
});
