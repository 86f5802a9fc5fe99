/** Figures and report of one trained network. */
import { lossCurves, optionsSection, paretoFront, renderReport, waferFigure } from '@hep/figures';
import type { ReportSection } from '@hep/figures';
import { TRIGGER_CELLS } from '@hep/hgcal-geometry';
import type { LayerEbops } from '@hep/quant';
import type { EpochRow } from '@hep/training';
import { distances, EMD_TITLE } from './distance-section.ts';
import type { Evaluation } from './evaluation.ts';

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
      distances(input.evaluation),
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
        input: cellsOf(inputMipT, row),
        decoded: cellsOf(decodedMipT, row),
        latent: latent.subarray(latentSize * row, latentSize * (row + 1)),
        label: `validation module ${row}`,
        emd: emd[row],
      }),
      caption: `${evaluation.occupancy[row]} trigger cells above 1 MIP_T.`,
      wide: true,
    })),
  };
}

function cellsOf(charges: Float32Array, row: number): Float32Array {
  return charges.subarray(TRIGGER_CELLS * row, TRIGGER_CELLS * (row + 1));
}
