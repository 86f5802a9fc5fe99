import { legendAbove, palette, plainText, renderReport } from '@hep/figures';
import type { Figure, Trace } from '@hep/figures';
import type { Outcome } from './outcome.ts';
import { tableCells, TITLES } from './table.ts';
import type { QualityRow } from './table.ts';

/** Table and curves as one self-contained page. */
export function qualityReport(
  table: readonly QualityRow[],
  outcomes: readonly Outcome[],
  rows: number,
): string {
  return renderReport({
    title: 'Quality of encoders for five eLinks',
    subtitle: `${rows} synthetic modules, the same split, weights of 5 bits and latent vectors of 16 x 9 bits on both sides`,
    sections: [
      {
        heading: 'Exact EMD and time',
        text:
          'Mean earth mover’s distance of the validation modules in sensor cells, median over the seeds (range). ' +
          'Time ratio: wall time until our training reaches the EMD that the reference ends with, over the CPU time ' +
          'of all of the reference’s epochs, seed by seed.',
        tables: [{ columns: TITLES, rows: table.map(tableCells) }],
        figures: [
          {
            figure: curves(outcomes),
            caption: 'Validation EMD against the wall time of the epochs; one line for each seed.',
            wide: true,
          },
        ],
      },
    ],
  });
}

function curves(outcomes: readonly Outcome[]): Figure {
  const drawn = outcomes.filter(({ curve }) => curve.length > 1);
  const names = [...new Set(drawn.map(({ side, recipe }) => `${side}: ${recipe}`))];
  const data = names.flatMap((name, index) =>
    drawn
      .filter(({ side, recipe }) => `${side}: ${recipe}` === name)
      .map(({ curve, side }, seed): Trace => ({
        type: 'scatter',
        mode: 'lines',
        name: plainText(name),
        showlegend: seed === 0,
        x: curve.map(({ wallSeconds }) => wallSeconds),
        y: curve.map(({ emd }) => emd),
        line: {
          color: palette[index % palette.length],
          dash: side === 'ours' ? 'solid' : 'dot',
          width: 2,
        },
      })),
  );
  return {
    data,
    layout: {
      height: 520,
      xaxis: { title: { text: 'Wall time (s)' }, type: 'log' },
      yaxis: { title: { text: 'Mean EMD (sensor cells)' }, type: 'log' },
      ...legendAbove(2, 'h'),
    },
  };
}
