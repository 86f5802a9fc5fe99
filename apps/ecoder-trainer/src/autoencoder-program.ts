/** The training program of an autoencoder: target = input. */
import type { EcoderModel } from '@hep/ecoder-models';
import type { Program } from '@hep/engine';
import { tf } from '@hep/graph';
import type { Signature } from '@hep/graph';
import { batchMean, Context, initialise, regularisation, trainStep } from '@hep/nn';
import type { Optimiser, PerSampleLoss, TrainStep } from '@hep/nn';

const IMAGE = 'input_1';

export interface AutoencoderTraining {
  readonly program: Program;
  readonly step: TrainStep;
}

/** Step, evaluation and initial state; with `weighted` the program reads a column `sampleWeight`. */
export function autoencoderTraining(
  model: EcoderModel,
  loss: PerSampleLoss,
  optimiser: Optimiser,
  options: { readonly seed: number; readonly weighted: boolean },
): AutoencoderTraining {
  const { autoencoder } = model;
  const step = trainStep({ model: autoencoder, loss, optimiser });
  const image: Signature = {
    [IMAGE]: { shape: [{ batch: 1 }, ...model.arrangement.shape], dtype: 'float32' },
  };
  const weight: Signature = { sampleWeight: { shape: [{ batch: 1 }], dtype: 'float32' } };
  const program: Program = {
    name: model.name,
    inputs: options.weighted ? { ...image, ...weight } : image,
    initialState: step.initialState(initialise(autoencoder.parameterSpecs, options.seed)),
    step: (state, inputs) => step(state, { ...inputs, target: inputs[IMAGE] }),
    evaluate: (state, inputs) => {
      const parameters = step.parametersOf(state);
      const target = inputs[IMAGE];
      const decoded = autoencoder.apply(parameters, inputs, new Context(false))[autoencoder.outputs[0]];
      const data = batchMean(loss(target, decoded));
      const penalty = regularisation(autoencoder.parameterSpecs, parameters);
      return { outputs: { loss: penalty === null ? data : tf.add(data, penalty) } };
    },
  };
  return { program, step };
}
