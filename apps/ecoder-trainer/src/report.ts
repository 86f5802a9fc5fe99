/** Figures and report of one trained network. */
import {
  histogram as histogramFigure,
  lossCurves,
  paretoFront,
  MIP_T,
  profile as profileFigure,
  renderReport,
  waferFigure,
  optionsSection,
} from '@hep/figures';
import type { Figure, ReportSection } from '@hep/figures';
import {
  autoRange,
  histogram,
  mean,
  profile,
  quantiles,
  standardDeviation,
  withoutEmpty,
} from '@hep/statistics';
import type { Binning } from '@hep/statistics';
import type { LayerEbops } from '@hep/quant';
import type { EpochRow } from '@hep/training';
import type { Evaluation } from './evaluation.ts';

const EMD_TITLE = 'EMD [sensor cells]';
const EXAMPLES = 6;

/** What the report tells. */
export interface ReportInput {
  readonly name: string;
  readonly isSynthetic: boolean;
  readonly facts: readonly (readonly [string, string | number])[];
  readonly lossName: string;
  /** Effective bit operations of the encoder's layers; null in float32. */
  readonly ebops: readonly LayerEbops[] | null;
  readonly history: readonly EpochRow[];
  readonly bestEpoch: number | null;
  readonly evaluation: Evaluation;
  /** Option names and values as resolved. */
  readonly options: readonly (readonly [string, string])[];
}

/** Mean and spread of the EMD over the modules where it is defined, with the number where it is not. */
export function emdSummary(emd: Float64Array): { mean: number; std: number; modules: number; empty: number } {
  const { values } = withoutEmpty(emd);
  return {
    mean: mean(values),
    std: standardDeviation(values),
    modules: values.length,
    empty: emd.length - values.length,
  };
}

/** Self-contained HTML report. */
export function networkReport(input: ReportInput): string {
  return renderReport({
    title: input.name,
    subtitle: input.isSynthetic
      ? 'Synthetic toy modules: the scores compare settings, they say nothing about the detector.'
      : 'HGCAL ECON-T autoencoder',
    facts: input.facts,
    sections: [
      training(input),
      ...bits(input),
      distances(input),
      examples(input),
      optionsSection(input.options),
    ],
  });
}

function training({ history, lossName, bestEpoch }: ReportInput): ReportSection {
  const figure = lossCurves({
    training: history.map((row) => row.values['loss']),
    validation: history.map((row) => row.values['val_loss']),
    lossName,
    ...(bestEpoch === null ? {} : { bestEpoch }),
  });
  return { heading: 'Training', figures: [{ figure, caption: 'Loss after each epoch.', wide: true }] };
}

/** What the bits of the encoder cost, and what the EMD was at other costs where they were learned. */
function bits({ ebops, history }: ReportInput): ReportSection[] {
  if (ebops === null) return [];
  const measured = history.flatMap(({ epoch, values }) =>
    'val_emd' in values ? [{ x: values['val_ebops'], y: values['val_emd'], label: `epoch ${epoch}` }] : [],
  );
  const figure = paretoFront({ points: measured, xTitle: 'Effective bit operations', yTitle: EMD_TITLE });
  return [
    {
      heading: 'Effective bit operations',
      text: 'Products of the bits of both factors, summed over the multiplications of a module, and bits of the biases.',
      figures:
        measured.length === 0 ? [] : [{ figure, caption: 'Epochs of the training and their Pareto front.' }],
      tables: [
        {
          caption: 'Encoder, by layer.',
          columns: ['layer', 'EBOPs'],
          rows: ebops.map(({ layer, ebops: cost }) => [layer, cost]),
        },
      ],
    },
  ];
}

function distances({ evaluation }: ReportInput): ReportSection {
  const { emd, empty } = { emd: evaluation.emd, empty: emdSummary(evaluation.emd).empty };
  const defined = Int32Array.from(emd.keys()).filter((row) => emd[row] >= 0);
  const pick = (values: ArrayLike<number>) => Float64Array.from(defined, (row) => values[row]);
  const values = pick(emd);
  const logMaximum = pick(evaluation.maximumMipT).map((charge) => Math.log10(charge));
  return {
    heading: 'Distance between input and decoded charges',
    text:
      'Exact earth mover’s distance on the hexagonal geometry; one unit is a sensor cell, trigger cells are two apart. ' +
      `Points are medians, bars reach to the 16 % and 84 % quantiles. ${empty} modules with an empty side are left out.`,
    figures: [
      { figure: emdHistogram(values), caption: 'Validation modules.' },
      {
        figure: emdProfile(
          pick(evaluation.occupancy),
          values,
          { bins: 12, min: 0, max: 24 },
          `Trigger cells above 1 ${MIP_T}`,
        ),
        caption: 'Against the occupancy of the input.',
      },
      {
        figure: emdProfile(
          logMaximum,
          values,
          { bins: 20, min: 0, max: 2.5 },
          `log<sub>10</sub>(largest charge / ${MIP_T})`,
        ),
        caption: 'Against the largest charge of the input.',
      },
    ],
  };
}

function emdHistogram(values: Float64Array): Figure {
  const [q16, median, q84] = quantiles(values, [0.16, 0.5, 0.84]);
  const { edges, counts } = histogram(values, { bins: 40, ...widened(autoRange(values)) });
  return histogramFigure({ edges, series: [{ name: 'ae', counts, median, q16, q84 }], xTitle: EMD_TITLE });
}

function widened({ min, max }: { min: number; max: number }): { min: number; max: number } {
  return max > min ? { min, max } : { min: min - 0.5, max: min + 0.5 };
}

function emdProfile(x: Float64Array, emd: Float64Array, binning: Binning, xTitle: string): Figure {
  const { centres, median, lowerError, upperError, counts } = profile(x, emd, binning);
  return profileFigure({
    series: [{ name: 'ae', centres, medians: median, lowErrors: lowerError, highErrors: upperError, counts }],
    xTitle,
    yTitle: EMD_TITLE,
  });
}

/** Modules of the validation part, spread over the range of occupancies. */
function examples({ evaluation }: ReportInput): ReportSection {
  const { inputMipT, decodedMipT, latent, latentSize, emd } = evaluation;
  const byOccupancy = [...evaluation.occupancy.keys()].sort(
    (a, b) => evaluation.occupancy[b] - evaluation.occupancy[a] || a - b,
  );
  const count = Math.min(EXAMPLES, evaluation.rows);
  const rows = Array.from(
    { length: count },
    (_, index) => byOccupancy[Math.floor((index * evaluation.rows) / count)],
  );
  return {
    heading: 'Modules',
    text: 'Charges of the 48 trigger cells, input beside decoded, with the latent vector that the chip would send.',
    figures: rows.map((row) => ({
      figure: waferFigure({
        input: inputMipT.subarray(48 * row, 48 * (row + 1)),
        decoded: decodedMipT.subarray(48 * row, 48 * (row + 1)),
        latent: latent.subarray(latentSize * row, latentSize * (row + 1)),
        label: `validation module ${row}`,
        emd: emd[row],
      }),
      caption: `${evaluation.occupancy[row]} trigger cells above 1 MIP_T.`,
      wide: true,
    })),
  };
}
