import type { tf } from '@hep/graph';
import { expectClose, goldenJson } from '@hep/test-support';
import type { ParameterSpec } from '../parameters.ts';
import { clip, maxNorm, nonNegative } from '../constraints.ts';
import { zeros } from '../initialisers.ts';
import { eagerRunner } from '../runner.ts';
import type { TensorFunction } from '../runner.ts';
import { initialSlots } from '../state-layout.ts';
import { updateParameters } from '../update.ts';
import type { UpdateOptions } from '../update.ts';
import { adam, adamW } from './adam.ts';
import { lion } from './lion.ts';
import { nadam } from './nadam.ts';
import type { Optimiser } from './optimiser.ts';
import { rmsprop } from './rmsprop.ts';
import { sgd } from './sgd.ts';

interface Curve {
  readonly start: readonly number[];
  readonly grads: readonly (readonly number[])[];
  readonly values: readonly (readonly number[])[];
}

const spec = (name: string, size: number, rest: Partial<ParameterSpec> = {}): ParameterSpec => ({
  name,
  shape: [size],
  trainable: true,
  initialiser: zeros,
  ...rest,
});

/** Parameters after each gradient. */
async function follow(
  optimiser: Optimiser,
  rate: number,
  start: readonly number[],
  gradients: readonly (readonly number[])[],
  options: Partial<UpdateOptions> = {},
): Promise<Float32Array[]> {
  const trainable = options.trainable ?? [spec('w', start.length)];
  const update: TensorFunction = ({ gradient, learningRate, step, ...state }) =>
    updateParameters({ ...options, optimiser, trainable }, gradient as tf.Tensor1D, state, {
      learningRate,
      step,
    });
  let state = {
    trainable: { shape: [start.length], values: Float32Array.from(start) },
    ...initialSlots(optimiser, trainable),
  };
  const curve: Float32Array[] = [];
  for (const [i, gradient] of gradients.entries()) {
    state = (await eagerRunner.run(update, {
      ...state,
      gradient: { shape: [start.length], values: gradient },
      learningRate: { shape: [], values: [rate] },
      step: { shape: [], values: [i + 1] },
    })) as typeof state;
    curve.push(state.trainable.values);
  }
  return curve;
}

describe('optimisers follow Keras 2.15', () => {
  it.each([
    ['adam', adam(), 1e-3],
    ['nadam', nadam(), 8e-4],
    ['rmsprop', rmsprop(), 1e-3],
    ['sgd', sgd(), 0.01],
  ] as const)('%s', async (name, optimiser, rate) => {
    const golden = goldenJson<Curve>('models', `opt_${name}.json`);
    const curve = await follow(optimiser, rate, golden.start, golden.grads);
    golden.values.forEach((expected, i) =>
      expectClose(curve[i], expected, { relative: 1e-6, absolute: 1e-6 }, `step ${i + 1}`),
    );
  });

  it.each([
    ['sgd with momentum', sgd({ momentum: 0.9 }), [0.94432294, -2.00461006, 0.49909514]],
    [
      'sgd with Nesterov momentum',
      sgd({ momentum: 0.9, nesterov: true }),
      [0.91989076, -2.02414894, 0.49878561],
    ],
    ['rmsprop with momentum', rmsprop({ momentum: 0.5 }), [0.82797295, -2.00262213, 0.35517025]],
    ['adamW', adamW(), [0.961007, -1.98899221, 0.45993149]],
    ['adam with weight decay', adam({ weightDecay: 0.1 }), [0.95722944, -1.98136497, 0.45807204]],
    ['lion', lion(), [0.96, -2, 0.46]],
    ['lion with weight decay', lion({ weightDecay: 0.1 }), [0.95606601, -1.99205196, 0.45806301]],
  ] as const)('%s', async (_, optimiser, expected) => {
    const gradients = [0, 1, 2, 3].map((i) => [0.3 * (i + 1), i - 1, 0.01]);
    const curve = await follow(optimiser, 0.01, [1, -2, 0.5], gradients);
    expectClose(curve[3], expected, { absolute: 1e-6 });
  });

  it('sgd with clipped norm', async () => {
    const gradients = [0, 1, 2, 3].map((i) => [0.3 * (i + 1), i - 1, 0.01]);
    const clipping = { kind: 'norm', limit: 0.5 } as const;
    const curve = await follow(sgd(), 0.1, [1, -2, 0.5], gradients, { clipping });
    expectClose(curve[3], [0.87646836, -2.03214884, 0.49810189], { absolute: 1e-6 });
  });

  it('lion moves by the learning rate along the sign of the mean gradient', async () => {
    const curve = await follow(
      lion(),
      0.1,
      [1, -1, 0],
      [
        [3, -2, 0],
        [-1, 5, 0],
      ],
    );
    expectClose(curve[0], [0.9, -0.9, 0], { absolute: 1e-6 });
    expectClose(curve[1], [1.0, -1.0, 0], { absolute: 1e-6 });
  });
});

describe('update', () => {
  const specs = [spec('kernel', 2), spec('bias', 1)];

  it('decays the chosen weights before the step', async () => {
    const optimiser = adamW({ weightDecay: 0.5 });
    const decays = (name: string) => name === 'kernel';
    const [after] = await follow(optimiser, 0.1, [2, 4, 6], [[0, 0, 0]], { trainable: specs, decays });
    expectClose(after, [1.9, 3.8, 6], { absolute: 1e-6 });
  });

  it('clips by value, by norm of each parameter, by norm of all', async () => {
    const clipped = async (clipping: UpdateOptions['clipping']) => {
      const [after] = await follow(sgd(), 1, [0, 0, 0], [[-3, -4, -12]], { trainable: specs, clipping });
      return after;
    };
    expectClose(await clipped({ kind: 'value', limit: 3.5 }), [3, 3.5, 3.5], { absolute: 1e-6 });
    expectClose(await clipped({ kind: 'norm', limit: 2.5 }), [1.5, 2, 2.5], { absolute: 1e-6 });
    expectClose(await clipped({ kind: 'globalNorm', limit: 6.5 }), [1.5, 2, 6], { absolute: 1e-6 });
  });

  it('bounds the norm of each unit', async () => {
    const values = [-15, -8, -1, 6, 13, -11].map((value) => value / 16);
    const trainable = [spec('kernel', 6, { shape: [3, 2], constraint: maxNorm(0.8) })];
    const [after] = await follow(sgd(), 1, values, [[0, 0, 0, 0, 0, 0]], { trainable });
    const expected = [-0.60378546, -0.43051055, -0.04025237, 0.32288292, 0.52328074, -0.59195203];
    expectClose(after, expected, { absolute: 1e-6 });
  });

  it('holds constraints', async () => {
    const trainable = [
      spec('kernel', 2, { constraint: clip(-1, 1) }),
      spec('bias', 1, { constraint: nonNegative }),
    ];
    const [after] = await follow(sgd(), 1, [0.5, 0.5, 0.5], [[-3, 0.1, 3]], { trainable });
    expectClose(after, [1, 0.4, 0], { absolute: 1e-6 });
  });
});
