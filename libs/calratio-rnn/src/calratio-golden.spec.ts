import { OnnxRunner } from '@hep/engine';
import { eagerRunner, modelOf, network, predict, withinPath } from '@hep/nn';
import type { Runner, TensorFunction } from '@hep/nn';
import { expectClose, goldenJson } from '@hep/test-support';
import { withPrefix } from './players.ts';
import {
  goldenJets,
  goldenNetwork,
  goldenOutput,
  goldenSamples,
  goldenStep,
  goldenWeights,
  runStep,
  stepFunction,
} from './testing/golden-calratio.ts';

interface Trajectory {
  readonly steps: readonly { readonly disc: number[][]; readonly orig: number[] }[];
  readonly test_on_batch0_after: number[];
}
const trajectory = goldenJson<Trajectory>('models', 'calratio_traj.json');

const { discriminator, original } = goldenNetwork;
const [scores, judged] = original.network.outputs;
const [penultimate] = scores.inputs;
const inside = modelOf(network('inside', original.network.inputs, [scores, judged, penultimate]));

const onnxRunner = new OnnxRunner();
afterAll(() => onnxRunner.close());

const suffixed = <T>(values: Readonly<Record<string, T>>, suffix: string) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`${name}${suffix}`, value]));

const predictAll: TensorFunction = (tensors) => {
  const parameters = withinPath(tensors, 'weights');
  const small = predict(discriminator, parameters, withinPath(tensors, 'small'));
  return { ...predict(inside, parameters, tensors), discriminator: small['adversary_out'] };
};

describe.each<Runner>([eagerRunner, onnxRunner])('CalRatio network on $name', (runner) => {
  it('outputs', async () => {
    const found = await runner.run(predictAll, {
      ...suffixed(goldenJets('X', 0), '_input_cr'),
      ...suffixed(goldenJets('XA', 0), '_input_adv'),
      ...withPrefix('small', suffixed(goldenJets('XS', 0), '_input_adv')),
      ...withPrefix('weights', await goldenWeights('w0')),
    });
    const golden = {
      main_output: 'main_out',
      [penultimate.name]: 'main_penultimate',
      adversary_out: 'adv_out',
      discriminator: 'disc_out',
    };
    for (const [name, file] of Object.entries(golden)) {
      expectClose(found[name].values, goldenOutput(file).values, { absolute: 1e-5 }, name);
    }
  });

  it('five mini-batches, step by step', async () => {
    const step = await goldenStep();
    const [discriminate, tag] = [stepFunction(step.discriminator), stepFunction(step.main)];
    let state = step.initialState(await goldenWeights('w0'));
    for (const [i, expected] of trajectory.steps.entries()) {
      const { main, control, discriminator: small } = goldenSamples(i);
      for (const [k, [loss, accuracy]] of expected.disc.entries()) {
        const result = await runStep(runner, discriminate, state, small, 2 * i + k + 1);
        expectClose(
          [result.outputs['discriminatorLoss']],
          [loss],
          { relative: 1e-4 },
          `discriminator ${i} ${k}`,
        );
        expectClose([result.outputs['discriminatorAccuracy']], [accuracy], { absolute: 1e-6 });
        state = result.state;
      }
      const inputs = { ...withPrefix('main', main), ...withPrefix('control', control) };
      const { state: next, outputs } = await runStep(runner, tag, state, inputs, i + 1);
      const [loss, mainLoss, adversaryLoss, mainAccuracy, , , adversaryAccuracy] = expected.orig;
      expectClose(
        [outputs['loss'], outputs['mainLoss'], outputs['adversaryLoss']],
        [loss, mainLoss, adversaryLoss],
        { relative: 1e-4 },
        `losses of mini-batch ${i}`,
      );
      expectClose(
        [outputs['mainAccuracy'], outputs['adversaryAccuracy']],
        [mainAccuracy, adversaryAccuracy],
        { absolute: 1e-6 },
        `accuracies of mini-batch ${i}`,
      );
      state = next;
    }
    const final = step.weightsOf(state);
    const expected = await goldenWeights('wN');
    expect(new Set(Object.keys(final))).toEqual(new Set(Object.keys(expected)));
    for (const [name, { values }] of Object.entries(expected)) {
      expectClose(final[name].values, values, { absolute: 1e-5 }, name);
    }
  });
});
