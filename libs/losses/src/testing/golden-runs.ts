/** What every engine must reproduce of the losses. Bodies of jest tests, given the engine. */
import { tf } from '@hep/graph';
import { arrangements } from '@hep/hgcal-geometry';
import { Context, adam, trainStep, withinPath } from '@hep/nn';
import type { HostTensor, PerSampleLoss, Runner, TensorFunction } from '@hep/nn';
import {
  expectClose,
  goldenBatch,
  goldenJson,
  goldenNpy,
  goldenPath,
  readAllDatasets,
  readTensorList,
} from '@hep/test-support';
import { emdNetworkLoss } from '../emd-loss.ts';
import { emdNetwork } from '../emd-network.ts';
import { meanSquaredError } from '../keras-losses.ts';

/** Losses per sample and the gradient of their sum with respect to the prediction. */
export function withGradient(loss: PerSampleLoss): TensorFunction {
  return ({ target, prediction }) => ({
    losses: loss(target, prediction),
    gradient: tf.grad((y) => tf.sum(loss(target, y)))(prediction),
  });
}

const golden = (name: string) => goldenNpy('losses', `${name}.npy`);
const prefixed = <T>(prefix: string, values: Readonly<Record<string, T>>) =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]): [string, T] => [`${prefix}/${name}`, value]),
  );

/** Weights of the study's network `ae_mse`. */
export async function emdWeights(): Promise<Record<string, HostTensor>> {
  const stored = await readAllDatasets(goldenPath('models', 'emdcnn_w0.hdf5'));
  return Object.fromEntries([...stored].map(([path, tensor]) => [path.replace(/:0$/, ''), tensor]));
}

/** The network's estimates in inference and in training mode. */
export async function emdNetworkAgrees(runner: Runner): Promise<void> {
  const model = emdNetwork();
  const apply: TensorFunction = ({ input_1, input_2, ...weights }) => ({
    inference: model.apply(weights, { input_1, input_2 }, new Context(false))['average'],
    training: model.apply(weights, { input_1, input_2 }, new Context(true))['average'],
  });
  const images = { input_1: golden('emdcnn_x443'), input_2: golden('emdcnn_y443') };
  const { inference, training } = await runner.run(apply, { ...images, ...(await emdWeights()) });
  const limits = { relative: 1e-5, absolute: 1e-5 };
  expectClose(inference.values, golden('emdcnn_out_ae_mse').values, limits, 'inference');
  expectClose(
    training.values,
    golden('emdcnn_out_train_mode').values,
    { relative: 1e-4, absolute: 1e-4 },
    'training',
  );
}

/** The frozen network as a loss, without normalisation as in the study. */
export async function emdLossAgrees(runner: Runner): Promise<void> {
  const weights = await emdWeights();
  const options = { network: { size: {}, weights }, arrangement: arrangements['8x8'], normalise: false };
  const { losses, gradient } = await runner.run(withGradient(emdNetworkLoss(options)), {
    target: golden('emdloss_true8x8'),
    prediction: golden('emdloss_pred8x8'),
  });
  const limits = { relative: 1e-4, absolute: 1e-5 };
  expectClose(losses.values, golden('emdloss_ae_mse').values, limits, 'losses');
  expectClose(
    gradient.values,
    golden('emdloss_ae_mse_grad').values,
    { relative: 1e-3, absolute: 1e-6 },
    'gradient',
  );
}

/** Losses of successive Adam steps of the network, and after all five the weights and moving statistics. */
export async function emdTrainingAgrees(runner: Runner, steps = 5): Promise<void> {
  const step = trainStep({ model: emdNetwork(), loss: meanSquaredError, optimiser: adam() });
  const run: TensorFunction = ({ input_1, input_2, target, learningRate, step: count, ...tensors }) => {
    const inputs = { input_1, input_2, target, learningRate, step: count };
    const { state, outputs } = step(withinPath(tensors, 'state'), inputs);
    return { ...prefixed('state', state), loss: outputs['loss'] };
  };
  const { loss_per_step: expected } = goldenJson<{ loss_per_step: number[] }>('models', 'emdcnn_losses.json');
  let state: Record<string, HostTensor> = step.initialState(await emdWeights());
  for (let i = 0; i < steps; i++) {
    const results = await runner.run(run, {
      input_1: goldenBatch(i, 'models', 'emdcnn_x1.npy'),
      input_2: goldenBatch(i, 'models', 'emdcnn_x2.npy'),
      target: goldenBatch(i, 'models', 'emdcnn_y.npy'),
      learningRate: { shape: [], values: [1e-3] },
      step: { shape: [], values: [i + 1] },
      ...prefixed('state', state),
    });
    state = withinPath(results, 'state');
    expectClose(results['loss'].values, [expected[i]], { relative: 1e-4 }, `loss of step ${i + 1}`);
  }
  if (steps === expected.length) await expectEmdWeights(step.weightsOf(state));
}

/**
 * Biases in front of a BatchNormalization have no gradient but rounding errors, which Adam turns into steps of the size
 * of the learning rate: they are only known to five steps. The moving means follow the biases.
 */
async function expectEmdWeights(weights: Readonly<Record<string, HostTensor>>): Promise<void> {
  for (const { name, values } of await readTensorList(goldenPath('models', 'emdcnn_wN.h5'))) {
    const path = `base_model/${name.replace(/:0$/, '')}`;
    const followsBias = path.endsWith('/moving_mean');
    const drifts = path.endsWith('/bias') && path !== 'base_model/output/bias';
    const limits = { relative: 1e-4, absolute: drifts ? 5e-3 : followsBias ? 5e-4 : 1e-5 };
    expectClose(weights[path].values, values, limits, path);
  }
}
