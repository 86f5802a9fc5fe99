/** Report of a trained network. */
import { lossCurves, optionsSection, renderReport } from '@hep/figures';
import type { ReportSection } from '@hep/figures';
import type { JetCodec } from '@hep/jet-compression';
import { parameterCount } from '@hep/nn';
import type { FitResult } from '@hep/training';
import type { Evaluation } from './evaluation.ts';
import { trainOptions } from './options.ts';
import type { TrainOptions } from './options.ts';
import { cornerSection } from './report/corner.ts';
import { correlations, responses, residualSections } from './report/errors.ts';
import { inputSection, latentSection } from './report/distributions.ts';
import type { StorageRow } from './storage-table.ts';
import type { Samples } from './samples.ts';

/** What the report tells. */
export interface ReportInput {
  readonly codec: JetCodec;
  readonly samples: Samples;
  readonly evaluation: Evaluation;
  readonly storage: readonly StorageRow[];
  readonly plane: ReportSection;
  readonly result: FitResult;
  readonly options: TrainOptions;
}

const LOSS_NAMES: Record<TrainOptions['loss'], string> = {
  mse: 'mean squared error',
  rmse: 'root mean squared error',
  'smooth-l1': 'smooth L1',
  bce: 'binary cross-entropy',
};

/** Self-contained HTML report. */
export function runReport(input: ReportInput): string {
  const { codec, samples, evaluation, result, options } = input;
  const { errors } = evaluation;
  return renderReport({
    title: codec.name,
    subtitle: samples.isSynthetic
      ? 'Synthetic toy jets: the scores compare settings, they say nothing about the detector.'
      : `Jet autoencoder, ${codec.normalisation.length} variables in ${codec.layout.latent}`,
    facts: [
      [samples.isSynthetic ? 'Normalised MSE (synthetic)' : 'Normalised MSE', errors.mse.toExponential(3)],
      ['Test jets', errors.jets],
      ['Training jets', samples.train.jets.rows],
      ['Bits per jet', `${32 * codec.layout.latent} (float32), ${16 * codec.layout.latent} (float16)`],
      ['Epochs', result.epochs],
      ['Parameters', parameterCount(codec.network.autoencoder.parameterSpecs)],
    ],
    sections: [
      trainingSection(input),
      ...evaluationSections(input),
      optionsSection(trainOptions.rows(options)),
    ],
  });
}

/** What was made of the test jets, by whatever network. */
export function evaluationSections({
  codec,
  evaluation,
  storage,
  plane,
}: Pick<ReportInput, 'codec' | 'evaluation' | 'storage' | 'plane'>): ReportSection[] {
  return [
    storageSection(storage),
    ...residualSections(evaluation.errors),
    cornerSection(codec, evaluation.errors),
    responses(codec, evaluation),
    correlations(codec, evaluation.errors, evaluation.latent),
    inputSection(codec, evaluation),
    latentSection(codec, evaluation),
    plane,
  ];
}

function storageSection(storage: readonly StorageRow[]): ReportSection {
  return {
    heading: 'Size and error',
    text:
      'Other ways of storing a jet beside the network, by size. Short floats and steps store every normalised variable; ' +
      'ranges and directions are those of the training jets. Refined latent vectors were moved, jet by jet, to where the decoder ' +
      'restores the jet best: the encoder cannot follow the jumps where the latent surface folds.',
    tables: [
      {
        caption: 'Test jets.',
        columns: ['stored as', 'bits per jet', 'normalised MSE'],
        rows: storage.map(({ name, bitsPerJet, mse }) => [name, bitsPerJet, mse.toExponential(3)]),
      },
    ],
  };
}

function trainingSection({ result, options }: ReportInput): ReportSection {
  const { history, best } = result;
  const figure = lossCurves({
    training: history.map((row) => row.values['loss']),
    validation: history.map((row) => row.values['val_loss']),
    lossName: LOSS_NAMES[options.loss],
    ...(best === null ? {} : { bestEpoch: best.epoch }),
  });
  return {
    heading: 'Training',
    figures: [{ figure, caption: 'Loss of training and validation jets.', wide: true }],
  };
}
