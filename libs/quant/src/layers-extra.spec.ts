import { OnnxRunner } from '@hep/engine';
import { tf } from '@hep/graph';
import { Context, eagerRunner } from '@hep/nn';
import type { Layer, RunnerInput } from '@hep/nn';
import { expectClose, goldenJson } from '@hep/test-support';
import { qBatchNormalization } from './layers/qbatch-normalization.ts';
import { qConv1d } from './layers/qconv1d.ts';
import { withGradients } from './testing/golden-layers.ts';

/** Made by tools/golden/quantised_layers.py with QKeras 0.9.0. */
interface Goldens {
  readonly conv1d: readonly (ConvCase & Numbers)[];
  readonly normalisation: readonly (NormalisationCase & Numbers)[];
}

type Numbers = Readonly<Record<string, number[]>>;

interface ConvCase {
  readonly kernel_size: number;
  readonly strides: number;
  readonly padding: 'same' | 'valid';
  readonly quantiser: string;
  readonly activation: string | null;
  readonly shapes: Readonly<Record<'x' | 'kernel' | 'out', number[]>>;
}

interface NormalisationCase {
  readonly shape: number[];
  readonly quantisers: Partial<Record<'gamma' | 'beta' | 'mean' | 'variance', string>>;
  readonly center: boolean;
  readonly scale: boolean;
}

const golden = goldenJson<Goldens>('quantised', 'layers_extra.json');
const onnx = new OnnxRunner();
afterAll(() => onnx.close());
const TOLERANCE = { relative: 1e-5, absolute: 1e-5 };
const STATISTICS = ['moving_mean', 'moving_variance'] as const;

/** Inference, training, gradients of the weighted sum, and the next statistics. */
function normalise(layer: Layer, learnt: readonly string[]) {
  const statistics = (given: Record<string, tf.Tensor>) =>
    Object.fromEntries(STATISTICS.map((name) => [name, given[name]]));
  return (given: Record<string, tf.Tensor>) => {
    const { x, cotangent } = given;
    const apply = (context: Context, ...operands: tf.Tensor[]) => {
      const own = Object.fromEntries(learnt.map((name, i) => [name, operands[i + 1]]));
      return layer.apply({ ...own, ...statistics(given) }, [operands[0]], context);
    };
    const operands = [x, ...learnt.map((name) => given[name])];
    const context = new Context(true);
    const training = apply(context, ...operands);
    const weighed = (...moved: tf.Tensor[]) => tf.sum(tf.mul(apply(new Context(true), ...moved), cotangent));
    const gradients = tf.grads(weighed)(operands);
    return {
      inference: apply(new Context(false), ...operands),
      training,
      grad_x: gradients[0],
      ...Object.fromEntries(learnt.map((name, i) => [`grad_${name}`, gradients[i + 1]])),
      next_mean: context.updates.get('moving_mean')!,
      next_variance: context.updates.get('moving_variance')!,
    };
  };
}

describe.each([eagerRunner, onnx])('QKeras, $name', (runner) => {
  it.each(golden.conv1d)('QConv1D of $kernel_size, stride $strides, $quantiser', async (given) => {
    const layer = qConv1d({
      name: 'layer',
      filters: 4,
      kernelSize: given.kernel_size,
      strides: given.strides,
      padding: given.padding,
      kernelQuantiser: given.quantiser,
      biasQuantiser: 'quantized_bits(5,1,0,alpha=1)',
      activation: given.activation ?? undefined,
    });
    const results = await runner.run(withGradients(layer), {
      x: { shape: given.shapes.x, values: given['x'] },
      kernel: { shape: given.shapes.kernel, values: given['kernel'] },
      bias: { shape: [4], values: given['bias'] },
    });
    expect(results['out'].shape).toEqual(given.shapes.out);
    expectClose(results['out'].values, given['out'], TOLERANCE, 'out');
    for (const operand of ['x', 'kernel', 'bias']) {
      const gradient = results[`grad_sumsq_${operand}`].values;
      expectClose(gradient, given[`grad_${operand}`], TOLERANCE, `gradient of ${operand}`);
    }
  });

  it.each(golden.normalisation)('QBatchNormalization of $shape, $quantisers', async (given) => {
    const { shape, quantisers, center, scale } = given;
    const layer = qBatchNormalization({
      name: 'layer',
      center,
      scale,
      gammaQuantiser: quantisers.gamma,
      betaQuantiser: quantisers.beta,
      meanQuantiser: quantisers.mean,
      varianceQuantiser: quantisers.variance,
    });
    const names = layer.parameters([shape.slice(1)]).map(({ name }) => name);
    expect(names).toEqual([...(scale ? ['gamma'] : []), ...(center ? ['beta'] : []), ...STATISTICS]);
    const learnt = names.slice(0, -2);
    const inputs: Record<string, RunnerInput> = {
      x: { shape, values: given['x'] },
      cotangent: { shape, values: given['cotangent'] },
      ...Object.fromEntries(names.map((name) => [name, { shape: [shape.at(-1)!], values: given[name] }])),
    };
    const results = await runner.run(normalise(layer, learnt), inputs);
    for (const [name, { values }] of Object.entries(results))
      expectClose(values, given[name], TOLERANCE, name);
  });
});
