/** Sections about what compression did to the jets. */
import { correlationMap, histogram as histogramFigure, profile as profileFigure } from '@hep/figures';
import type { Figure, ReportSection } from '@hep/figures';
import { columnOf } from '@hep/jet-compression';
import type { CompressionErrors, JetCodec, Spread, VariableErrors } from '@hep/jet-compression';
import { correlationMatrix, histogram, profile, quantiles } from '@hep/statistics';
import type { Evaluation } from '../evaluation.ts';
import { withUnit } from './units.ts';

const SPREAD_COLUMNS = ['mean', '± ', 'median', 'standard deviation', 'half 68 %', 'effective RMS'];
const spreadCells = (spread: Spread) => [
  spread.mean,
  spread.meanError,
  spread.median,
  spread.deviation,
  spread.half68,
  spread.effectiveRms,
];

/** Residuals and relative residuals of every variable. */
export function residualSections(errors: CompressionErrors): ReportSection[] {
  const { variables } = errors;
  const table = (caption: string, isRelative: boolean, of: (one: VariableErrors) => Spread) => ({
    caption,
    columns: ['variable', ...SPREAD_COLUMNS],
    rows: variables.map((one) => [isRelative ? one.name : withUnit(one.name), ...spreadCells(of(one))]),
  });
  return [
    {
      heading: 'Errors',
      text:
        'Squared errors are in the units of the study’s normalisation. Differences of angles are taken around the circle. ' +
        'Relative residuals of variables that pass through zero have no meaningful standard deviation; half of the width of the ' +
        'central 68 % and the effective RMS (half of the shortest interval with 68 %) are robust.',
      tables: [
        {
          caption: 'Mean squared error.',
          columns: ['variable', 'normalised MSE', 'root'],
          rows: [
            ...variables.map(({ name, mse }) => [name, mse, Math.sqrt(mse)]),
            ['mean', errors.mse, Math.sqrt(errors.mse)],
          ],
        },
        table('Residual: after - before.', false, ({ residual }) => residual),
        table(
          'Relative residual: (after - before) / before.',
          true,
          ({ relativeResidual }) => relativeResidual,
        ),
      ],
    },
    {
      heading: 'Residuals',
      text: 'Within the central 98 % of the residuals.',
      figures: variables.flatMap(({ name, residuals, relative }) => [
        {
          figure: residualFigure(residuals, withUnit(name, `${name}: after - before`)),
          caption: `Residual of ${name}.`,
        },
        {
          figure: residualFigure(relative.filter(Number.isFinite), `${name}: (after - before) / before`),
          caption: `Relative residual of ${name}.`,
        },
      ]),
    },
  ];
}

function residualFigure(values: Float64Array, xTitle: string): Figure {
  const [low, q16, median, q84, high] = quantiles(values, [0.01, 0.16, 0.5, 0.84, 0.99]);
  const range = high > low ? { min: low, max: high } : { min: low - 0.5, max: low + 0.5 };
  const { edges, counts } = histogram(values, { bins: 100, ...range });
  return histogramFigure({
    edges,
    series: [{ name: 'test jets', counts, median, q16, q84 }],
    xTitle,
    yTitle: 'Jets',
  });
}

/** Response of positive variables against log pT, where there is one. */
export function responses({ metric }: JetCodec, { before, after }: Evaluation): ReportSection {
  const pt = metric.find(({ name }) => name.toLowerCase() === 'pt');
  const shown = pt === undefined ? [] : metric.filter(({ curve }) => curve === 'log10');
  return {
    heading: 'Response',
    text: 'Response, after / before, against the transverse momentum before. Points are medians, bars reach to the 16 % and 84 % quantiles.',
    figures: shown.map(({ name }) => {
      const original = columnOf(before, name);
      const response = columnOf(after, name).map((value, row) => value / original[row]);
      const logarithm = columnOf(before, pt!.name).map((value) => Math.log10(value));
      return { figure: responseFigure(name, pt!.name, logarithm, response), caption: `Response of ${name}.` };
    }),
  };
}

function responseFigure(
  name: string,
  ptName: string,
  logarithm: Float64Array,
  response: Float64Array,
): Figure {
  const [min, max] = quantiles(logarithm, [0, 1]);
  const { centres, median, lowerError, upperError, counts } = profile(logarithm, response, {
    bins: 20,
    min,
    max: max > min ? max : min + 1,
  });
  return profileFigure({
    series: [{ name, centres, medians: median, lowErrors: lowerError, highErrors: upperError, counts }],
    xTitle: `log<sub>10</sub> ${withUnit(ptName)}`,
    yTitle: `${name}: after / before`,
  });
}

/** Correlations of residuals and of latent variables. */
export function correlations(
  { metric, layout }: JetCodec,
  { residualCorrelation }: CompressionErrors,
  latent: Float32Array,
): ReportSection {
  const names = metric.map(({ name }) => name);
  const latentColumns = latentColumnsOf(latent, layout.latent);
  return {
    heading: 'Correlations',
    text: 'Pearson’s correlation coefficients.',
    figures: [
      {
        figure: correlationMap({ names, values: residualCorrelation }),
        caption: 'Relative residuals: what the network trades against what.',
      },
      {
        figure: correlationMap({
          names: latentColumns.map((_, i) => `z${i + 1}`),
          values: correlationMatrix(latentColumns),
        }),
        caption: 'Latent variables.',
      },
    ],
  };
}

/** Latent vectors [jets, latent] by latent variable. */
export function latentColumnsOf(latent: Float32Array, width: number): Float64Array[] {
  const rows = latent.length / width;
  return Array.from({ length: width }, (_, k) =>
    Float64Array.from({ length: rows }, (_row, row) => latent[row * width + k]),
  );
}
