import { emitGraphDef, freeze, optimise, readGraphDef, tf, trace } from '@hep/graph';
import { initialise, predict } from '@hep/nn';
import { expectClose } from '@hep/test-support';
import { ecoderModel, ecoderModelNames } from './zoo.ts';

beforeAll(() => tf.setBackend('cpu'));

describe('frozen graphs', () => {
  it.each(ecoderModelNames)('%s reads back and gives the same numbers', (name) => {
    const { autoencoder } = ecoderModel(name);
    const weights = initialise(autoencoder.parameterSpecs, 5);
    const operands = (values: typeof weights) =>
      Object.fromEntries(
        Object.entries(values).map(([key, { shape, values: numbers }]) => [
          key,
          tf.tensor(numbers, [...shape]),
        ]),
      );
    const traced = trace((state, inputs) => ({ outputs: predict(autoencoder, state, inputs) }), {
      inputs: Object.fromEntries(
        Object.entries(autoencoder.inputs).map(([input, shape]) => [
          input,
          { shape: [{ batch: 1 }, ...shape], dtype: 'float32' },
        ]),
      ),
      state: Object.fromEntries(
        autoencoder.parameterSpecs.map((spec) => [spec.name, { shape: spec.shape, dtype: 'float32' }]),
      ),
    });
    const numbers = Object.fromEntries(Object.entries(weights).map(([key, { values }]) => [key, values]));
    const graph = readGraphDef(emitGraphDef(freeze(optimise(traced), numbers)).bytes);
    tf.tidy(() => {
      const input = Object.fromEntries(
        Object.entries(autoencoder.inputs).map(([key, shape]) => [
          key,
          tf.randomUniform([2, ...shape], 0, 1, 'float32', 11),
        ]),
      );
      const [expected] = Object.values(predict(autoencoder, operands(weights), input));
      const [found] = Object.values(graph.run(input));
      expectClose(found.dataSync(), expected.dataSync(), { absolute: 1e-6 });
    });
  });
});
