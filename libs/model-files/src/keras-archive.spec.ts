import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OnnxRunner } from '@hep/engine';
import { zipArchive, ZipArchive } from '@hep/files';
import { eagerRunner, predict } from '@hep/nn';
import type { Runner, RunnerInput } from '@hep/nn';
import {
  describeWithFixture,
  expectClose,
  fixturePath,
  goldenJson,
  goldenPath,
  temporaryFolder,
} from '@hep/test-support';
import { kerasArchiveBytes, writeKerasArchive } from './keras-archive-write.ts';
import { parseKerasArchive } from './keras-archive-read.ts';
import { modelFromNetwork } from './model-from-network.ts';
import { readNetworkFile } from './network-file.ts';
import { networkWithWeights } from './read-network.ts';
import type { ReadNetwork } from './read-network.ts';

const onnx = new OnnxRunner();
afterAll(() => onnx.close());
const runners: readonly Runner[] = [eagerRunner, onnx];
const folder = await temporaryFolder();

async function outputOf(
  { model, weights }: ReadNetwork,
  inputs: Readonly<Record<string, RunnerInput>>,
  runner: Runner = eagerRunner,
) {
  const results = await runner.run((tensors) => predict(model, tensors, tensors), { ...weights, ...inputs });
  return results[model.outputs[0]].values;
}

interface Golden {
  readonly rows: number;
  readonly sequence: number[];
  readonly jet: number[];
  readonly output: number[];
}

const inputsOf = ({ rows, sequence, jet }: Golden) => ({
  sequence: { shape: [rows, 5, 4], values: sequence },
  jet: { shape: [rows, 3], values: jet },
});

const archives = ['keras2_archive', 'keras3_archive'];

/** What is exported of a network that was read. */
const exported = ({ model, weights }: ReadNetwork) =>
  [
    modelFromNetwork(model.network),
    Object.entries(weights).map(([name, tensor]) => ({ name, ...tensor })),
  ] as const;

describe.each(archives)('%s of the program itself', (name) => {
  const path = goldenPath('archives', `${name}.keras`);
  const golden = () => goldenJson<Golden>('archives', `${name}.json`);
  const expectGolden = async (network: ReadNetwork, runner?: Runner) => {
    const output = await outputOf(network, inputsOf(golden()), runner);
    expectClose(output, golden().output, { absolute: 1e-6 });
  };

  it.each(runners)('predicts the same on $name', async (runner) => {
    await expectGolden(await readNetworkFile(path), runner);
  });

  it('predicts the same after it was written here', async () => {
    const again = join(folder, `${name}.keras`);
    await writeKerasArchive(again, ...exported(await readNetworkFile(path)));
    await expectGolden(await readNetworkFile(again));
  });

  it('may be read as its parts, architecture and .weights.h5', async () => {
    const archive = new ZipArchive(await readFile(path));
    const [json, weights] = [join(folder, 'a.json'), join(folder, 'a.weights.h5')];
    await writeFile(json, archive.content('config.json', 1e6)!);
    await writeFile(weights, archive.content('model.weights.h5', 1e6)!);
    await expectGolden(await readNetworkFile(json, weights));
  });
});

describe('a damaged copy of an archive', () => {
  const name = 'keras3_archive';
  const load = () => readNetworkFile(goldenPath('archives', `${name}.keras`));

  async function attempts(bytes: Buffer, trials: number): Promise<{ refused: number; wrong: number }> {
    const intact = parseKerasArchive(bytes, 'x');
    const expected = networkWithWeights('x', intact.model, intact.weights).weights;
    let [refused, wrong, state] = [0, 0, 7];
    const below = (limit: number) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * limit);
    };
    for (let trial = 0; trial < trials; trial++) {
      const copy = Buffer.from(bytes);
      copy[below(copy.length)] ^= 1 << below(8);
      const content = trial % 4 === 0 ? copy.subarray(0, below(copy.length)) : copy;
      try {
        const { model, weights } = parseKerasArchive(content, 'x.keras');
        const found = networkWithWeights('x.keras', model, weights).weights;
        if (JSON.stringify(found) !== JSON.stringify(expected)) wrong++;
      } catch (error) {
        expect((error as Error).name).toBe('UserError');
        expect((error as Error).message).toMatch(/^x\.keras: [^\n]+$/);
        refused++;
      }
    }
    return { refused, wrong };
  }

  it('end in one line or in the same weights, whatever byte is changed or missing', async () => {
    const bytes = Buffer.from(await kerasArchiveBytes(...exported(await load())));
    const { refused, wrong } = await attempts(bytes, 1200);
    expect(wrong).toBe(0);
    expect(refused).toBeGreaterThan(900);
  });

  it.each<[string, (entries: Record<string, Uint8Array>) => Record<string, Uint8Array>, string]>([
    [
      'without weights',
      (all) => ({ 'config.json': all['config.json'] }),
      'no model.weights.h5 in the archive',
    ],
    [
      'of an empty network',
      (all) => ({ ...all, 'config.json': Buffer.from('{"class_name":"Sequential","config":{"name":"x"}}') }),
      'config.json: no functional Keras model: layers of x is not a list',
    ],
    [
      'with other weights',
      (all) => ({
        ...all,
        'config.json': Buffer.from(
          String(Buffer.from(all['config.json'])).replace(
            '"units":2,"activation":"softmax"',
            '"units":3,"activation":"softmax"',
          ),
        ),
      }),
      'tensor a/kernel has shape [4, 2], expected [4, 3]; these are the weights of another model',
    ],
    [
      'with text for weights',
      (all) => ({ ...all, 'model.weights.h5': Buffer.from('entry,CALQ_0') }),
      'x.keras: not an HDF5 file',
    ],
  ])('%s', async (_, change, message) => {
    const archive = new ZipArchive(Buffer.from(await kerasArchiveBytes(...exported(await load()))));
    const entries = archive.names.map((name) => [name, archive.content(name, 1e6)!] as const);
    const bytes = zipArchive(change(Object.fromEntries(entries)));
    const read = () => {
      const { model, weights } = parseKerasArchive(bytes, 'x.keras');
      return networkWithWeights('x.keras', model, weights);
    };
    expect(read).toThrow(expect.objectContaining({ name: 'UserError' }));
    expect(read).toThrow(message);
  });
});

describeWithFixture(['calratio'], 'the CalRatio tagger', () => {
  const names = { constit: [30, 12], track: [20, 10], mseg: [30, 6], jet: [3] } as const;

  /** The first three jets of the recorded inputs. */
  async function recorded(set: string): Promise<{ inputs: Record<string, RunnerInput>; output: number[] }> {
    const file = JSON.parse(
      await readFile(fixturePath('calratio', `final_model_io_${set}.json`), 'utf8'),
    ) as Record<string, unknown[]>;
    const inputs = Object.entries(names).map(([name, shape]): [string, RunnerInput] => [
      `${name === 'mseg' ? 'MSeg' : name}_input_cr`,
      { shape: [file[name].length, ...shape], values: file[name].flat(2) as number[] },
    ]);
    return { inputs: Object.fromEntries(inputs), output: file['output'].flat() as number[] };
  }

  it.each(['build_bib', 'felix_control_region'])('gives the recorded outputs on %s', async (set) => {
    const network = await readNetworkFile(
      fixturePath('calratio', 'final_model_architecture.json'),
      fixturePath('calratio', 'tests_data', 'final_model_weights_1.keras'),
    );
    const { inputs, output } = await recorded(set);
    for (const runner of runners)
      expectClose(await outputOf(network, inputs, runner), output, { absolute: 1e-6 });
  });

  it('is read from an archive of Keras 2.13', async () => {
    const network = await readNetworkFile(fixturePath('calratio', 'tests_data', 'final_model.keras'));
    const { inputs } = await recorded('build_bib');
    // Keras 2.15 with the arrays of the archive, put by hand into the layers that its architecture names.
    const keras = [
      0.3691921830177307, 0.30739086866378784, 0.32341697812080383, 0.3365509808063507, 0.3330312669277191,
      0.33041778206825256, 0.39267799258232117, 0.2977871894836426, 0.30953481793403625,
    ];
    for (const runner of runners)
      expectClose(await outputOf(network, inputs, runner), keras, { absolute: 1e-6 });
  });
});
