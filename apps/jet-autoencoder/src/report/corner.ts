import { cornerPlot } from '@hep/figures';
import type { ReportSection } from '@hep/figures';
import type { CompressionErrors, JetCodec } from '@hep/jet-compression';
import { withUnit } from './units.ts';

/** More panels than those of so many variables cannot be read. */
const MOST_VARIABLES = 6;

/** Residuals of the variables against each other: relative ones where a variable is positive, plain ones otherwise. */
export function cornerSection({ metric }: JetCodec, { variables }: CompressionErrors): ReportSection {
  const byError = [...variables.keys()].sort((a, b) => variables[b].mse - variables[a].mse);
  const shown = byError.slice(0, MOST_VARIABLES).sort((a, b) => a - b);
  const isRelative = (i: number) => metric[i].curve === 'log10';
  const columns = shown.map((i) => (isRelative(i) ? variables[i].relative : variables[i].residuals));
  const isUsable = (row: number) => columns.every((values) => Number.isFinite(values[row]));
  const rows = [...columns[0].keys()].filter(isUsable);
  return {
    heading: 'Residuals against each other',
    text:
      'Contours hold 39.3 % and 90 % of the jets; their colour is the correlation, red positive and blue negative. Above the ' +
      `distributions stand median and distances to the 16 % and 84 % quantiles.${
        variables.length > MOST_VARIABLES
          ? ` Shown are the ${MOST_VARIABLES} variables of largest error.`
          : ''
      }`,
    figures: [
      {
        figure: cornerPlot({
          names: shown.map((i) => {
            const { name } = metric[i];
            return isRelative(i) ? `Δ${name} / ${name}` : withUnit(name, `Δ${name}`);
          }),
          columns: columns.map((values) => Float64Array.from(rows, (row) => values[row])),
        }),
        caption: 'After - before, relative to before where the variable is positive.',
        wide: true,
      },
    ],
  };
}
