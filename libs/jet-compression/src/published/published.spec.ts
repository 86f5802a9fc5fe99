import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  describeWithFixture,
  expectClose,
  fixturePath,
  goldenPath,
  temporaryFolder,
} from '@hep/test-support';
import { compressionErrors } from '../evaluation/errors.ts';
import { CodecRunner } from '../networks/codec-runner.ts';
import { loadCodec } from '../networks/load-codec.ts';
import { readJets } from '../tables/stream-jets.ts';
import { normaliseJets, restoreJets, selectJets } from '../variables/normalisation.ts';
import { variableSets } from '../variables/presets.ts';
import { layersOf } from './checkpoint-layers.ts';
import type { NamedTensors } from './checkpoint-layers.ts';
import { readCheckpoint } from './checkpoint.ts';
import { decodeDouble, encodeDouble } from './double-network.ts';

interface Recorded {
  readonly normed: number[][];
  readonly latent: number[][];
  readonly output: number[][];
}

const fixture = (name: string) => fixturePath('jet-autoencoder', name);
const folder = await temporaryFolder();
const checkpoints = ['4D_TLA', '4D_TLA_leading'];

describeWithFixture(['jet-autoencoder'], 'published checkpoints', () => {
  const recorded = (name: string) => JSON.parse(readFileSync(fixture(`${name}_io.json`), 'utf8')) as Recorded;

  it.each(checkpoints)('%s gives the recorded numbers in double precision', async (name) => {
    const checkpoint = await readCheckpoint(fixture(`${name}.json`));
    const { normed, latent, output } = recorded(name);
    const encoded = encodeDouble(checkpoint, normed.flat());
    expectClose(encoded, latent.flat(), { absolute: 1e-6 }, 'latent');
    expectClose(decodeDouble(checkpoint, encoded), output.flat(), { absolute: 1e-6 }, 'output');
  });

  it.each(checkpoints)('%s is the same as arrays, which do not tell its shifts', async (name) => {
    const shifts = name === '4D_TLA' ? undefined : { m: 2, pt: 3 };
    const [json, npz] = [
      await readCheckpoint(fixture(`${name}.json`)),
      await readCheckpoint(fixture(`${name}.npz`), { shifts }),
    ];
    expect(npz.normalisation).toEqual(json.normalisation);
    expect(npz.layout).toEqual(json.layout);
    expectClose(encodeDouble(npz, recorded(name).normed.flat()), recorded(name).latent.flat(), {
      absolute: 1e-6,
    });
    await expect(readCheckpoint(fixture(`${name}.json`), { shifts: { m: 0, pt: 0 } })).rejects.toThrow(
      'leave --shifts away',
    );
  });

  it.each(checkpoints)('%s gives them in float32 to its rounding', async (name) => {
    const codec = await loadCodec(fixture(`${name}.json`));
    const runner = await CodecRunner.create(codec, 1);
    try {
      const { normed, latent, output } = recorded(name);
      const encoded = await runner.encode(Float32Array.from(normed.flat()));
      expectClose(encoded, latent.flat(), { absolute: 3e-6 }, 'latent');
      expectClose(await runner.decode(encoded), output.flat(), { absolute: 2e-5 }, 'output');
    } finally {
      await runner.close();
    }
  });

  it.each([
    ['4D_TLA', 'all', 0],
    ['4D_TLA', 'pt>65GeV', 65e3],
    ['4D_TLA_leading', 'all', 0],
    ['4D_TLA_leading', 'pt>65GeV', 65e3],
  ])('%s has the recorded errors on jets with %s', async (name, selection, minimumPt) => {
    const expected = JSON.parse(readFileSync(fixture('evaluation.json'), 'utf8'))[`${name}|${selection}`];
    const all = await readJets([fixture('jets_test_4D.csv')], ['m', 'pt', 'phi', 'eta']);
    const [m, pt] = ['m', 'pt'].map((variable) => all.columns.get(variable)!);
    const rows = [...m.keys()].filter((row) => m[row] > 0.08 && pt[row] > minimumPt);
    const jets = selectJets(all, rows);
    const codec = await loadCodec(fixture(`${name}.json`));
    const runner = await CodecRunner.create(codec);
    try {
      const latent = await runner.encode(normaliseJets(codec.normalisation, jets));
      const after = restoreJets(codec.normalisation, await runner.decode(latent));
      const errors = compressionErrors(variableSets['4d'], jets, after);
      expect(errors.jets).toBe(expected.n);
      const of = (pick: (variable: (typeof errors.variables)[number]) => number) =>
        errors.variables.map(pick);
      const close = (found: ArrayLike<number>, wanted: number[], what: string) =>
        expectClose(found, wanted, { relative: 2e-3, absolute: 1e-9 }, what);
      close([errors.mse], [expected.mse], 'mse');
      close(
        of(({ mse }) => mse),
        expected.mse_per_var,
        'mse of the variables',
      );
      close(
        of(({ relativeResidual }) => relativeResidual.deviation).slice(0, 2),
        expected.rel_std.slice(0, 2),
        'deviation',
      );
      close(
        of(({ relativeResidual }) => relativeResidual.half68),
        expected.rel_half68,
        'half of 68 %',
      );
      close(of(({ residual }) => residual.deviation).slice(2), expected.abs_std_phi_eta, 'angles');
      expectClose(
        errors.residualCorrelation,
        (expected.pearson_residual_corr as number[][]).flat(),
        { absolute: 2e-3 },
        'correlation',
      );
    } finally {
      await runner.close();
    }
  });
});

describe.each(['named', 'sequence', 'normalised', 'leaky'])('%s.pth', (name) => {
  const outputs = JSON.parse(readFileSync(goldenPath('torch', 'outputs.json'), 'utf8'));
  const { latent, output } = outputs[name] as Record<'latent' | 'output', number[]>;

  it('gives the outputs of PyTorch in double precision', async () => {
    const checkpoint = await readCheckpoint(goldenPath('torch', `${name}.pth`));
    const encoded = encodeDouble(checkpoint, outputs.jets);
    expectClose(encoded, latent, { absolute: 1e-6 }, 'latent');
    expectClose(decodeDouble(checkpoint, encoded), output, { absolute: 1e-6 }, 'output');
  });

  it('gives them in float32', async () => {
    const runner = await CodecRunner.create(await loadCodec(goldenPath('torch', `${name}.pth`)), 1);
    try {
      const encoded = await runner.encode(Float32Array.from(outputs.jets));
      expectClose(encoded, latent, { absolute: 1e-6 }, 'latent');
      expectClose(await runner.decode(encoded), output, { absolute: 1e-6 }, 'output');
    } finally {
      await runner.close();
    }
  });
});

describe('checkpoints of PyTorch', () => {
  const vector = (values: number[]) => ({ shape: [values.length], values });
  const matrix = (rows: number, columns: number) => ({
    shape: [rows, columns],
    values: Array.from({ length: rows * columns }, (_, i) => i / 10),
  });
  const row: NamedTensors = new Map([
    ['encoder.0.weight', matrix(2, 4)],
    ['encoder.0.bias', vector([-1, 1])],
    ['decoder.0.weight', matrix(4, 2)],
    ['decoder.0.bias', vector([0, 0, 0, 0])],
  ]);

  it('without normalisation need to be told what stands between their layers', () => {
    expect(() => layersOf('a.pth', row)).toThrow(
      'a.pth: layers in a row without normalisation may have tanh or LeakyReLU',
    );
    const latent = (activation: 'tanh' | 'leaky-relu') => [
      ...encodeDouble(layersOf('a.pth', row, activation), [1, 0, 0, 0]),
    ];
    expectClose(latent('tanh'), [Math.tanh(-1), Math.tanh(1.4)], { absolute: 1e-12 });
    expectClose(latent('leaky-relu'), [-0.01, 1.4], { absolute: 1e-12 });
  });

  it.each([
    [
      'a weight that is not finite',
      'encoder.0.bias',
      vector([NaN, 1]),
      'encoder.0.bias has numbers that are not finite',
    ],
    [
      'a vector for a matrix',
      'decoder.0.weight',
      vector([1]),
      'decoder.0.weight has the shape 1, expected 2 axes',
    ],
    [
      'a negative variance',
      'encoder.2.running_var',
      vector([1, -1]),
      'encoder.2.running_var has a negative variance',
    ],
  ])('with %s are refused', (_, name, tensor, message) => {
    const normalisation = ['weight', 'bias', 'running_mean', 'running_var'].map(
      (part) => [`encoder.2.${part}`, vector([1, 1])] as const,
    );
    const tensors = new Map([
      ...row,
      ...(name.startsWith('encoder.2') ? normalisation : []),
      [name, tensor] as const,
    ]);
    expect(() => layersOf('a.pth', tensors, 'tanh')).toThrow(message);
  });

  it('that are absent or something else are refused', async () => {
    await expect(loadCodec(join(folder, 'absent.pth'))).rejects.toThrow('no trained network there');
    const path = join(folder, 'nothing.pth');
    await writeFile(path, 'm,pt\n');
    await expect(loadCodec(path)).rejects.toThrow('nothing.pth: is no file of torch.save');
  });
});

describe('damaged checkpoints', () => {
  const layer = { shape: [1, 4], data: [1, 2, 3, 4] };
  const good = {
    columns: ['m', 'pt', 'phi', 'eta'],
    norm: { m: 'log10(m+1)/1.8-0', pt: '(log10(pt)-1.3)/1.2-0', phi: 'phi/3', eta: 'eta/5' },
    weights: {
      'en1.weight': layer,
      'en1.bias': { shape: [1], data: [0] },
      'de1.weight': { shape: [4, 1], data: [1, 2, 3, 4] },
      'de1.bias': { shape: [4], data: [0, 0, 0, 0] },
    },
  };
  const weights = (change: Record<string, unknown>) => ({ ...good, weights: { ...good.weights, ...change } });

  it.each([
    ['no JSON', '{', 'is not JSON'],
    ['no weights', { columns: [], norm: {} }, 'expected a checkpoint with columns, norm and weights'],
    ['other columns', { ...good, columns: ['pt'] }, 'columns pt, expected m, pt, phi, eta'],
    [
      'an unknown map',
      { ...good, norm: { ...good.norm, phi: 'phi/4' } },
      'normalisation "phi/4" of phi is unknown',
    ],
    ['no layers', { ...good, weights: {} }, 'no layer en1'],
    [
      'too few values',
      weights({ 'en1.weight': { shape: [2, 4], data: [1] } }),
      'en1.weight has 1 values, expected 2 x 4',
    ],
    [
      'values that are no numbers',
      weights({ 'en1.bias': { shape: [1], data: ['x'] } }),
      'en1.bias: expected a shape',
    ],
    ['no bias', weights({ 'en1.bias': undefined }), 'layer 1 of 2 has no bias'],
    [
      'a bias of another length',
      weights({ 'en1.bias': { shape: [2], data: [0, 1] } }),
      'en1.bias has 2 values, expected 1',
    ],
    [
      'other variables',
      weights({
        'en1.weight': { shape: [1, 3], data: [1, 2, 3] },
        'de1.weight': { shape: [3, 1], data: [1, 2, 3] },
        'de1.bias': { shape: [3], data: [0, 0, 0] },
      }),
      'layer 1 reads 3 values, expected 4 variables',
    ],
    [
      'layers that do not fit',
      weights({ 'de1.weight': { shape: [4, 2], data: [1, 2, 3, 4, 5, 6, 7, 8] } }),
      'layer 2 of 2 reads 2 values, the one before gives 1',
    ],
  ])('with %s are refused', async (_, content, message) => {
    const path = join(folder, 'a.json');
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
    await expect(readCheckpoint(path)).rejects.toThrow(message);
  });
});
