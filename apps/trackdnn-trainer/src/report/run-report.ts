/** Report of a trained network. */
import { epochCurves, lossCurves, optionsSection, renderReport } from '@hep/figures';
import type { ReportSection } from '@hep/figures';
import { parameterCount } from '@hep/nn';
import type { TrackNetwork } from '@hep/track-dnn';
import type { FitResult } from '@hep/training';
import { trainOptions } from '../options.ts';
import type { JudgedSample } from '../judged-samples.ts';
import type { TrainOptions } from '../options.ts';
import type { Samples } from '../samples.ts';
import { inputsSection } from './inputs-section.ts';
import { judgingSections } from './judging-sections.ts';

/** What the report tells. */
export interface ReportInput {
  readonly network: TrackNetwork;
  readonly samples: Samples;
  /** Of the test tracks: all of them first. */
  readonly judged: readonly JudgedSample[];
  readonly result: FitResult;
  readonly options: TrainOptions;
}

/** Self-contained HTML report. */
export function runReport(input: ReportInput): string {
  const { network, samples, judged, result, options } = input;
  const { isSynthetic, training, validation, test } = samples;
  const area = judged[0].judged.results.find(({ name }) => name === 'all')?.network.area ?? NaN;
  return renderReport({
    title: 'Track classifier',
    subtitle: isSynthetic
      ? 'Synthetic toy tracks: the scores compare settings, they say nothing about the detector.'
      : 'True against fake tracks',
    facts: [
      [isSynthetic ? 'AUC (synthetic)' : 'AUC', area.toFixed(4)],
      ['Training tracks', training.rows],
      ['Validation tracks', validation.rows],
      ['Test tracks', test.rows],
      ['Epochs', result.epochs],
      ['Parameters', parameterCount(network.classifier.parameterSpecs)],
    ],
    sections: [
      trainingSection(input),
      ...judgingSections(judged, options.treeCut),
      inputsSection(network),
      optionsSection(trainOptions.rows(options).filter(([name]) => name !== 'features')), // a section of its own
    ],
  });
}

function trainingSection({ result }: ReportInput): ReportSection {
  const { history, best } = result;
  const values = (name: string) => history.map((row) => row.values[name]);
  const mark = best === null ? {} : { bestEpoch: best.epoch };
  return {
    heading: 'Training',
    figures: [
      {
        figure: lossCurves({
          training: values('loss'),
          validation: values('val_loss'),
          lossName: 'binary cross-entropy',
          ...mark,
        }),
        caption: 'Loss; that of the training is weighted by pT if the options say so, the other is not.',
      },
      {
        figure: epochCurves({
          series: [
            { name: 'Training', values: values('auc') },
            { name: 'Validation', values: values('val_auc') },
          ],
          yTitle: 'AUC',
          ...mark,
        }),
        caption:
          'Area under the ROC at 200 thresholds, unweighted: of the training tracks while the network learned, and of the ' +
          'whole validation sample after the epoch.',
      },
    ],
  };
}
