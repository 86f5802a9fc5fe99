import type { tf } from '@hep/graph';
import { expectClose, goldenJson } from '@hep/test-support';
import type { ParameterSpec } from '../parameters.ts';
import { clip, nonNegative } from '../constraints.ts';
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
    ...initialSlots(optimiser, start.length),
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

  it('holds constraints', async () => {
    const trainable = [
      spec('kernel', 2, { constraint: clip(-1, 1) }),
      spec('bias', 1, { constraint: nonNegative }),
    ];
    const [after] = await follow(sgd(), 1, [0.5, 0.5, 0.5], [[-3, 0.1, 3]], { trainable });
    expectClose(after, [1, 0.4, 0], { absolute: 1e-6 });
  });
});
