/** Sections about the variables themselves, before and after, and about the latent variables. */
import { histogram as histogramFigure } from '@hep/figures';
import type { Figure, ReportSection } from '@hep/figures';
import { columnOf } from '@hep/jet-compression';
import type { JetCodec } from '@hep/jet-compression';
import { autoRange, histogram, quantiles } from '@hep/statistics';
import type { Evaluation } from '../evaluation.ts';
import { latentColumnsOf } from './errors.ts';
import { withUnit } from './units.ts';

/** Every variable before and after on common bins. */
export function inputSection({ metric }: JetCodec, { before, after }: Evaluation): ReportSection {
  return {
    heading: 'Variables',
    text: 'Before and after compression, in the units of the input.',
    figures: metric.map(({ name, curve }) => ({
      figure: overlay(name, columnOf(before, name), columnOf(after, name), curve === 'log10'),
      caption: `${name} of the test jets.`,
    })),
  };
}

function overlay(name: string, before: Float64Array, after: Float64Array, logY: boolean): Figure {
  const [min, max] = quantiles(before, [0, logY ? 0.999 : 1]);
  const binning = { bins: 50, min, max: max > min ? max : min + 1 };
  const { edges, counts } = histogram(before, binning);
  const restored = histogram(after, binning).counts;
  const series = [
    { name: 'before', counts },
    { name: 'after', counts: restored },
  ];
  return histogramFigure({ edges, series, xTitle: withUnit(name), yTitle: 'Jets', logY, filled: false });
}

/** Latent variables, and how unusual the jets are. */
export function latentSection({ layout }: JetCodec, { latent, scores }: Evaluation): ReportSection {
  const columns = latentColumnsOf(latent, layout.latent);
  const logarithms = scores.map((score) => Math.log10(score)).filter(Number.isFinite);
  return {
    heading: 'Latent variables',
    figures: [
      ...columns.map((values, k) => ({
        figure: single(values, `z${k + 1}`),
        caption: `Latent variable ${k + 1} of the test jets.`,
      })),
      {
        figure: single(logarithms, 'log<sub>10</sub> normalised squared error of a jet'),
        caption: 'Anomaly score: jets unlike those of the training are restored badly.',
      },
    ],
  };
}

function single(values: Float64Array, xTitle: string): Figure {
  const { edges, counts } = histogram(values, { bins: 60, ...autoRange(values) });
  return histogramFigure({ edges, series: [{ name: 'test jets', counts }], xTitle, yTitle: 'Jets' });
}
