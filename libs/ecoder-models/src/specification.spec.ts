import { tf } from '@hep/graph';
import { arrangements, imageFromCharges } from '@hep/hgcal-geometry';
import { adam, batchMean, eagerRunner, gradientsOf, predict, sizeOf, trainStep, withinPath } from '@hep/nn';
import type { HostTensor, ParameterSpec, TensorFunction } from '@hep/nn';
import { expectClose } from '@hep/test-support';
import { ecoderLoss } from './losses.ts';
import { ecoderModel } from './zoo.ts';

/** Numbers of the Ecoder specification, section 13.2: two modules and weights given by a formula. */
const modules = Float32Array.from([
  ...Array.from({ length: 48 }, (_, k) => ((13 * k) % 29) / 128),
  ...Array.from({ length: 48 }, (_, k) => ((5 * k) % 17) / 64),
]);
const images = imageFromCharges(arrangements['8x8'], modules);

const sawtooth = (specs: readonly ParameterSpec[]): Record<string, HostTensor> =>
  Object.fromEntries(
    specs.map(({ name, shape }) => [
      name,
      { shape, values: Float32Array.from({ length: sizeOf(shape) }, (_, n) => (((7 * n) % 31) - 15) / 64) },
    ]),
  );

const sum = (values: Float32Array) => values.reduce((total, value) => total + value, 0);

/** A network with the loss the study trained it with. */
function withLoss(name: string) {
  const model = ecoderModel(name);
  return { ...model, loss: ecoderLoss(model.lossName, model.arrangement) };
}

async function twoSteps(name: string) {
  const { autoencoder, loss } = withLoss(name);
  const step = trainStep({ model: autoencoder, loss, optimiser: adam(), target: 'input_1' });
  const run: TensorFunction = ({ input_1, learningRate, step: count, ...state }) => {
    const result = step(state, { input_1, learningRate, step: count });
    return { ...result.state, loss: result.outputs['loss'] };
  };
  const losses: number[] = [];
  const sums: number[][] = [];
  let state: Record<string, HostTensor> = step.initialState(sawtooth(autoencoder.parameterSpecs));
  for (const count of [1, 2]) {
    const results = await eagerRunner.run(run, {
      ...state,
      input_1: { shape: [2, 8, 8, 1], values: images },
      learningRate: { shape: [], values: [1e-3] },
      step: { shape: [], values: [count] },
    });
    losses.push(results['loss'].values[0]);
    state = Object.fromEntries(Object.entries(results).filter(([entry]) => entry !== 'loss'));
    sums.push(Object.values(step.weightsOf(state)).map(({ values }) => sum(values)));
  }
  return { losses, sums };
}

/** Norm of the gradient of each parameter before the first step. */
async function gradientNorms(name: string): Promise<Float32Array> {
  const { autoencoder, loss } = withLoss(name);
  const specs = autoencoder.parameterSpecs;
  const differentiate: TensorFunction = ({ input_1, ...parameters }) => {
    const { gradients } = gradientsOf(specs, parameters, () => {
      const { decoder } = predict(autoencoder, parameters, { input_1 });
      return { value: batchMean(loss(input_1, decoder)), extra: {} };
    });
    return { norms: tf.stack(specs.map((spec) => tf.norm(gradients[spec.name]))) };
  };
  const input_1 = { shape: [2, 8, 8, 1], values: images };
  return (await eagerRunner.run(differentiate, { input_1, ...sawtooth(specs) }))['norms'].values;
}

describe('numbers of the specification', () => {
  it.each([
    [
      '8x8_c8_S2_tele',
      [0.8536454, 1.157786, 6.564743, 6.487773, 3.037667, 7.850741, 22.55422, 177.1224, 247.3952, 424.6572],
    ],
    [
      '8x8_c8_S2',
      [
        1.320937e-4, 2.279402e-4, 8.040151e-4, 7.896452e-4, 6.611588e-4, 1.711031e-3, 6.027718e-3, 0.04645287,
        0.06796192, 0.1151124,
      ],
    ],
    [
      '8x8_c8_S2_qK_RTL_tele',
      [1.014761, 2.059339, 6.603799, 5.257665, 3.411305, 6.534297, 20.48172, 170.2077, 247.4825, 424.1636],
    ],
  ])('%s: norms of the gradients', async (name, norms) => {
    expectClose(await gradientNorms(name), norms, { relative: 1e-5 });
  });

  it('telescope: two steps', async () => {
    const { losses, sums } = await twoSteps('8x8_c8_S2_tele');
    expectClose(losses, [209.745346, 207.27832], { relative: 1e-5 });
    const expected = [
      -0.3201271, -0.2626251, -0.075436, -0.3065001, -0.2669214, -0.2712499, 0.02089837, -0.262625,
      -0.3891237, -0.235375,
    ];
    expectClose(sums[0], expected, { absolute: 5e-5 });
  });

  it('weighted MSE: two steps', async () => {
    const { losses, sums } = await twoSteps('8x8_c8_S2');
    expectClose(losses, [0.06238265, 0.06174209], { relative: 1e-5 });
    const expected = [
      -0.324989, -0.2647007, -0.2917378, -0.3105293, -0.2848228, -0.2708619, -0.0032444, -0.2646191,
      -0.3891983, -0.235375,
    ];
    expectClose(sums[0], expected, { absolute: 5e-5 });
  });

  it('quantised, telescope: two steps', async () => {
    const { losses, sums } = await twoSteps('8x8_c8_S2_qK_RTL_tele');
    expectClose(losses, [209.403626, 206.27298], { relative: 1e-5 });
    const expected = [
      -0.3271329, -0.267625, -0.2650334, -0.3105, -0.2893522, -0.2742499, 0.01287372, -0.262625, -0.3891238,
      -0.235375,
    ];
    expectClose(sums[0], expected, { absolute: 5e-5 });
  });

  it('forward pass of the first module', async () => {
    const { encoder, autoencoder, loss } = withLoss('8x8_c8_S2_tele');
    const weights = sawtooth(autoencoder.parameterSpecs);
    const forward: TensorFunction = ({ input_1, ...parameters }) => {
      const { decoder } = predict(autoencoder, parameters, { input_1 });
      const latent = predict(encoder, withinPath(parameters, 'encoder'), { input_1 })['encoded_vector'];
      return { latent, decoded: decoder, loss: loss(input_1, decoder) };
    };
    const input_1 = { shape: [1, 8, 8, 1], values: images.slice(0, 64) };
    const { latent, decoded, loss: telescope } = await eagerRunner.run(forward, { input_1, ...weights });
    const expected = [
      0, 0, 0.06933784, 0.10772896, 0.16917992, 0, 0.03570366, 0.14948273, 0.12561226, 0, 0, 0.17201996,
      0.1230793, 0.12522507, 0, 0.12614632,
    ];
    expectClose(latent.values, expected, { absolute: 1e-6 });
    const first = [0.44932064, 0.45984164, 0.46338409, 0.45338669];
    expectClose(decoded.values.slice(0, 4), first, { relative: 1e-5 });
    expectClose([sum(decoded.values)], [28.810738], { relative: 1e-5 });
    expectClose(telescope.values, [221.52293], { relative: 1e-5 });
  });
});
