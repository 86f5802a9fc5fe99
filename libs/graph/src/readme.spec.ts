import { emitOnnx, optimise, tf, trace } from './index.ts';
import { runOnnx } from './testing/run-onnx.ts';

it('runs the example of the README', async () => {
  const graph = trace(
    (state, { x }) => ({
      outputs: { y: tf.relu(tf.matMul(x as tf.Tensor2D, state['kernel'] as tf.Tensor2D)) },
    }),
    {
      inputs: { x: { shape: [{ batch: 1 }, 4], dtype: 'float32' } },
      state: { kernel: { shape: [4, 2], dtype: 'float32' } },
    },
  );
  const model = emitOnnx(optimise(graph), { name: 'dense' });
  const feeds = {
    'in/x': { shape: [1, 4], dtype: 'float32' as const, values: Float32Array.of(1, 2, 3, 4) },
    'state/kernel': {
      shape: [4, 2],
      dtype: 'float32' as const,
      values: Float32Array.of(1, -1, 1, -1, 1, -1, 1, -1),
    },
  };
  expect([...(await runOnnx(model, feeds, 1))['out/y']!.values]).toEqual([10, 0]);
});
