/** Model, loss and optimiser of a run as an engine trains them: the target is the input. */
import type { EcoderModel } from '@hep/ecoder-models';
import type { Dataset } from '@hep/engine';
import { initialise, orthogonality, trainingProgram } from '@hep/nn';
import type { Model, PerSampleLoss, TrainingProgram } from '@hep/nn';
import { optimiserOf } from './choices.ts';
import { costsOf } from './learned-bits.ts';
import type { TrainOptions } from './options.ts';
import { IMAGE, inputColumns } from './samples.ts';
import type { Part, Samples } from './samples.ts';

/** Step, evaluation and initial state of a network. */
export function autoencoderProgram(
  model: EcoderModel,
  loss: PerSampleLoss,
  options: TrainOptions,
  sampleWeights: boolean,
): TrainingProgram {
  const { autoencoder } = model;
  const program = trainingProgram({
    model: withOrthogonality(autoencoder, options.orthogonality),
    loss,
    optimiser: optimiserOf(options),
    weights: initialise(autoencoder.parameterSpecs, options.seed),
    target: IMAGE,
    sampleWeights,
    ...(options.referenceCompat ? { frozen: (name) => name.startsWith('encoder/') } : {}),
    costs: costsOf(model),
  });
  return { ...program, name: model.name };
}

function withOrthogonality(model: Model, factor: number): Model {
  if (factor === 0) return model;
  const regulariser = orthogonality(factor);
  const isKernel = (name: string) => name.endsWith('/kernel');
  return {
    ...model,
    parameterSpecs: model.parameterSpecs.map((spec) =>
      isKernel(spec.name) ? { ...spec, regulariser } : spec,
    ),
  };
}

/** The inputs of both parts. Weights of modules count in training; in validation every module counts the same. */
export function trainingDatasets(
  model: EcoderModel,
  { train, validation, weights }: Samples,
): { readonly train: Dataset; readonly validation: Dataset } {
  const dataset = (part: Part, sampleWeights: Float32Array | null): Dataset => ({
    rows: part.wafers.rows,
    columns: {
      ...inputColumns(part, model),
      ...(sampleWeights === null ? {} : { sampleWeight: { rowShape: [], values: sampleWeights } }),
    },
  });
  const equal = weights === null ? null : new Float32Array(validation.wafers.rows).fill(1);
  return { train: dataset(train, weights), validation: dataset(validation, equal) };
}
