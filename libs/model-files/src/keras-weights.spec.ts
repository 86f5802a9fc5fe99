import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { batchNormalization, chain, dense, input, lstm, network } from '@hep/nn';
import {
  describeWithFixture,
  fixturePath,
  goldenPath,
  presentGolden,
  readAllDatasets,
} from '@hep/test-support';
import { kerasWeightNames } from './keras-weight-names.ts';
import { parseKerasWeights, readKerasWeights } from './keras-weights-read.ts';
import { kerasWeightGroups, writeKerasWeights } from './keras-weights-write.ts';
import { matchWeights } from './match-weights.ts';
import { modelFromNetwork } from './model-from-network.ts';
import { elementsOf, type NamedTensor } from './named-tensor.ts';
import { autoencoder, autoencoderShapes, encoder } from './telescope-autoencoder.fixture.ts';

const golden = goldenPath('models', 'S2_tele_w0.hdf5');
const temporary = () => mkdtemp(join(tmpdir(), 'keras-weights-'));

async function goldenParameters(): Promise<NamedTensor[]> {
  const values = matchWeights(autoencoderShapes, await readKerasWeights(golden));
  return autoencoderShapes.map((tensor) => ({ ...tensor, values: values[tensor.name]! }));
}

describe('readKerasWeights', () => {
  it.each(
    presentGolden(['S2_tele_w0', 'emdcnn_w0', 'track_w0', 'calratio_w0'], (name) => [
      'models',
      `${name}.hdf5`,
    ]),
  )('agrees with the HDF5 library on %s', async (name) => {
    const path = goldenPath('models', `${name}.hdf5`);
    const expected = await readAllDatasets(path);
    const { layers } = await readKerasWeights(path);
    const found = [...layers].flatMap(([layer, tensors]) => tensors.map((tensor) => ({ layer, tensor })));
    expect(found).toHaveLength(expected.size);
    for (const { layer, tensor } of found) {
      const { shape, values } = expected.get(`${layer}/${tensor.name}:0`)!;
      expect(tensor).toEqual({ name: tensor.name, shape, values });
    }
  });
});

describe('writeKerasWeights', () => {
  it('round trips every value and leaves no temporary file', async () => {
    const folder = await temporary();
    const path = join(folder, 'weights.hdf5');
    const parameters = await goldenParameters();
    await writeKerasWeights(path, kerasWeightGroups(autoencoder, parameters));
    const written = await readKerasWeights(path);
    expect([...written.layers.keys()]).toEqual(['input_1', 'encoder', 'decoder']);
    expect(written.layers).toEqual((await readKerasWeights(golden)).layers);
    expect(await readdir(folder)).toEqual(['weights.hdf5']);
  });

  it('writes the same bytes a second later', async () => {
    const folder = await temporary();
    const groups = kerasWeightGroups(autoencoder, await goldenParameters());
    await writeKerasWeights(join(folder, 'a.hdf5'), groups);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await writeKerasWeights(join(folder, 'b.hdf5'), groups);
    expect((await readFile(join(folder, 'a.hdf5'))).equals(await readFile(join(folder, 'b.hdf5')))).toBe(
      true,
    );
  });

  it('writes one part of a model by its scope', async () => {
    const groups = kerasWeightGroups(encoder, await goldenParameters(), 'encoder');
    expect(groups.map((group) => [group.layer, group.weights.map((weight) => weight.name)])).toEqual([
      ['input_1', []],
      ['conv2d', ['conv2d/kernel:0', 'conv2d/bias:0']],
      ['flatten', []],
      ['encoded_vector', ['encoded_vector/kernel:0', 'encoded_vector/bias:0']],
    ]);
  });

  it('refuses parameters that do not belong to the model', async () => {
    const parameters = await goldenParameters();
    expect(() => kerasWeightGroups(autoencoder, parameters.slice(1))).toThrow(
      'no parameter encoder/conv2d/kernel',
    );
    expect(() =>
      kerasWeightGroups(encoder, [...parameters, { ...parameters[0]!, name: 'encoder/x' }], 'encoder'),
    ).toThrow('parameter encoder/x belongs to no layer');
  });

  it('puts the weights of nested models and recurrent layers where Keras expects them', () => {
    const x = input('x', [5, 4]);
    const layers = [
      lstm({ name: 'lstm', units: 3 }),
      batchNormalization({ name: 'norm' }),
      dense({ name: 'd', units: 1 }),
    ];
    const inner = network('inner', [x], [chain(x, layers)]);
    const y = input('y', [5, 4]);
    const outer = modelFromNetwork(network('outer', [y], [chain(y, [inner])]));
    const names = kerasWeightNames(outer);
    expect(names.slice(-3)).toEqual(['inner/d/bias', 'inner/norm/moving_mean', 'inner/norm/moving_variance']);
    const parameters = names.map((name) => ({ name, shape: [1], values: new Float32Array(1) }));
    expect(
      kerasWeightGroups(outer, parameters)[1]!
        .weights.slice(0, 3)
        .map((weight) => weight.name),
    ).toEqual(['lstm/lstm_cell/kernel:0', 'lstm/lstm_cell/recurrent_kernel:0', 'lstm/lstm_cell/bias:0']);
  });
});

describe('matchWeights', () => {
  it('accepts layers that Keras numbered differently', async () => {
    const weights = await readKerasWeights(goldenPath('models', 'track_w0.hdf5'));
    const expected = [...weights.layers].flatMap(([layer, tensors]) =>
      tensors.map(({ name, shape }) => ({ layer, name, shape })),
    );
    const renumbered = expected.map(({ name, shape }) => ({
      name: name.replace(/^dense_(\d)/, (_, number: string) =>
        number === '3' ? 'dense' : `dense_${Number(number) - 3}`,
      ),
      shape,
    }));
    expect(renumbered[0]!.name).toBe('dense/kernel');
    const values = matchWeights(renumbered, weights);
    expect(values['dense_5/kernel']).toBe(weights.layers.get('dense_8')![0]!.values);
  });

  it('names tensor, found and expected shape of another model', async () => {
    const weights = await readKerasWeights(golden);
    const wider = autoencoderShapes.map((tensor) =>
      tensor.name === 'encoder/conv2d/kernel' ? { ...tensor, shape: [5, 5, 1, 8] } : tensor,
    );
    expect(() => matchWeights(wider, weights)).toThrow(
      `${golden}: tensor encoder/conv2d/kernel has shape [3, 3, 1, 8], expected [5, 5, 1, 8]`,
    );
    expect(() =>
      matchWeights([...autoencoderShapes, { name: 'decoder/x/bias', shape: [3] }], weights),
    ).toThrow('tensor decoder/x/bias of shape [3] is missing (10 tensors, the model needs 11)');
    expect(() => matchWeights(autoencoderShapes.slice(0, 9), weights)).toThrow(
      'tensor decoder/conv2d_transpose_1/bias of shape [1] is not part of the model (10 tensors, expected 9)',
    );
  });

  it('refuses values that are not finite', async () => {
    const weights = await readKerasWeights(golden);
    weights.layers.get('encoder')![1]!.values[3] = Number.NaN;
    expect(() => matchWeights(autoencoderShapes, weights)).toThrow(
      'encoder/conv2d/bias holds NaN at element 3',
    );
  });
});

describe('damaged files', () => {
  /** Small linear congruential generator, so that a failure can be repeated. */
  function* randomIntegers(seed: number): Generator<(below: number) => number> {
    let state = seed;
    for (;;) {
      yield (below) => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return Math.floor((state / 2 ** 32) * below);
      };
    }
  }

  function attempt<T>(run: () => T): T | Error {
    try {
      return run();
    } catch (error) {
      return error as Error;
    }
  }

  const sameValues = (a: Float32Array, b: Float32Array) =>
    a.length === b.length && a.every((value, i) => value === b[i]);

  async function ownBytes(): Promise<Buffer> {
    const path = join(await temporary(), 'w.hdf5');
    await writeKerasWeights(path, kerasWeightGroups(autoencoder, await goldenParameters()));
    return readFile(path);
  }

  it('end in a one-line UserError, and in wrong values never after a single changed byte', async () => {
    const intact = await ownBytes();
    const expected = matchWeights(autoencoderShapes, parseKerasWeights(intact, 'w'));
    const random = randomIntegers(1).next().value as (below: number) => number;
    let refused = 0;
    for (let trial = 0; trial < 1500; trial++) {
      const bytes = Uint8Array.from(intact);
      const limit = trial % 2 === 0 ? bytes.length : 6000;
      const flips = 1 + random(3);
      for (let flip = 0; flip < flips; flip++) bytes[random(limit)]! ^= 1 << random(8);
      const content = trial % 5 === 0 ? bytes.subarray(0, random(bytes.length)) : bytes;
      const outcome = attempt(() => matchWeights(autoencoderShapes, parseKerasWeights(content, 'w.hdf5')));
      if (outcome instanceof Error) {
        expect(outcome.name).toBe('UserError');
        expect(outcome.message).toMatch(/^w\.hdf5: [^\n]+$/);
        refused++;
      } else if (flips === 1) {
        const differing = autoencoderShapes.filter(
          ({ name }) => !sameValues(outcome[name]!, expected[name]!),
        );
        expect(differing).toEqual([]);
      }
    }
    expect(refused).toBeGreaterThan(700);
  });

  it('notice a flipped byte of a weight', async () => {
    const bytes = await ownBytes();
    const kernel = (await goldenParameters())[2]!.values;
    const at = bytes.indexOf(Buffer.from(kernel.buffer, kernel.byteOffset, 64));
    bytes[at + 17]! ^= 1;
    expect(() => parseKerasWeights(bytes, 'w.hdf5')).toThrow(
      'w.hdf5: tensor encoder/encoded_vector/kernel differs from its stored SHA-256',
    );
  });

  it('say what the file is instead', async () => {
    const folder = await temporary();
    const bytes = await ownBytes();
    const cases: [Uint8Array, string][] = [
      [bytes.subarray(0, 9000), `truncated: 9000 bytes on disk, ${bytes.length} bytes when it was written`],
      [Buffer.from('entry,CALQ_0\n'), 'not an HDF5 file'],
      [new Uint8Array(0), 'not an HDF5 file'],
      [await readFile(goldenPath('models', 'S2_tele_wN.h5')), 'no Keras weights (no layer_names)'],
    ];
    for (const [content, message] of cases) {
      const path = join(folder, 'w.hdf5');
      await writeFile(path, content);
      await expect(readKerasWeights(path)).rejects.toThrow(`${path}: ${message}`);
    }
    await expect(readKerasWeights(folder)).rejects.toThrow('not a regular file');
    await expect(readKerasWeights(golden, 1000)).rejects.toThrow('38752 bytes, more than the 1000 allowed');
  });

  it('cannot ask for more memory than the file has bytes', async () => {
    const bytes = await ownBytes();
    const dimensions = Buffer.alloc(16);
    dimensions.writeBigUInt64LE(128n, 0);
    dimensions.writeBigUInt64LE(16n, 8);
    const at = bytes.indexOf(dimensions);
    bytes.writeBigUInt64LE(1n << 40n, at);
    expect(() => parseKerasWeights(bytes, 'w.hdf5')).toThrow(
      'w.hdf5: tensor encoder/encoded_vector/kernel has shape [1099511627776, 16], more than the file can hold',
    );
  });
});

describeWithFixture(['ecoder-keras'], 'real weight files', () => {
  it('match the model by name and shape', async () => {
    const whole = matchWeights(
      autoencoderShapes,
      await readKerasWeights(fixturePath('ecoder-keras', 'S2_tele.hdf5')),
    );
    const part = await readKerasWeights(fixturePath('ecoder-keras', 'encoder_S2_tele.hdf5'));
    const encoderShapes = autoencoderShapes
      .filter(({ name }) => name.startsWith('encoder/'))
      .map((tensor) => ({ ...tensor, name: tensor.name.replace('encoder/', '') }));
    const values = matchWeights(encoderShapes, part);
    for (const { name, shape } of encoderShapes) {
      expect(values[name]).toHaveLength(elementsOf(shape));
      expect(values[name]).toEqual(whole[`encoder/${name}`]);
    }
  });

  it('of the quantised model are not those of the float model', async () => {
    const weights = await readKerasWeights(fixturePath('ecoder-keras', 'S2_qK.hdf5'));
    expect(() => matchWeights(autoencoderShapes, weights)).toThrow(
      'tensor encoder/conv2d/kernel of shape [3, 3, 1, 8] is missing (10 tensors, the model needs 10)',
    );
  });
});
