import { plainText } from './figure.ts';

/** How an algorithm looks in every figure: colour, marker and line differ, so that colour is never needed alone. */
export interface SeriesStyle {
  readonly label: string;
  readonly colour: string;
  readonly symbol: string;
  readonly dash: 'solid' | 'dash' | 'dot' | 'dashdot';
}

/** Okabe and Ito's palette for all kinds of colour vision, without black and yellow. */
export const palette = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9'] as const;

const symbols = ['circle', 'square', 'diamond', 'triangle-up', 'cross', 'star'] as const;
const dashes = ['solid', 'dash', 'dot', 'dashdot'] as const;

const algorithms: readonly (readonly [string, string])[] = [
  ['ae', 'Autoencoder'],
  ['stc', 'Super trigger cells'],
  ['bc', 'Best choice'],
  ['thr_lo', 'Threshold 1.35 MIP<sub>T</sub>'],
  ['thr_hi', 'Threshold 2 MIP<sub>T</sub>'],
  ['repeater', 'Repeater'],
];

/**
 * Style of a series. Known algorithms (`ae`, `stc`, `bc`, `thr_lo`, `thr_hi`, `repeater`) always look the same; any
 * other name, for example of a model, takes the look of its position in the figure.
 */
export function seriesStyle(name: string, position: number): SeriesStyle {
  const known = algorithms.findIndex(([algorithm]) => algorithm === name);
  const index = known >= 0 ? known : position;
  return {
    label: known >= 0 ? algorithms[known]![1] : plainText(name),
    colour: palette[index % palette.length]!,
    symbol: symbols[index % symbols.length]!,
    dash: dashes[index % dashes.length]!,
  };
}

/** `#RRGGBB` with an opacity from 0 to 1. */
export function translucent(colour: string, opacity: number): string {
  const channel = (start: number) => Number.parseInt(colour.slice(start, start + 2), 16);
  return `rgba(${channel(1)}, ${channel(3)}, ${channel(5)}, ${opacity})`;
}

/**
 * ColorBrewer's YlGnBu, pale to dark: small charges look like none, so that a decoded module compares well with an
 * input that has empty cells. Readable in grey and for all kinds of colour vision.
 */
const steps = [
  '#ffffd9',
  '#edf8b1',
  '#c7e9b4',
  '#7fcdbb',
  '#41b6c4',
  '#1d91c0',
  '#225ea8',
  '#253494',
  '#081d58',
];

/** The same map as a Plotly colour scale. */
export const chargeScale: readonly (readonly [number, string])[] = steps.map((colour, i) => [
  i / (steps.length - 1),
  colour,
]);

/** Colour of a fraction from 0 to 1 (clipped), linear between the steps of `chargeScale`. */
export function chargeColour(fraction: number): string {
  const position = Math.min(1, Math.max(0, fraction)) * (steps.length - 1);
  const lower = Math.min(steps.length - 2, Math.floor(position));
  const mix = (start: number) => {
    const channel = (step: number) => Number.parseInt(steps[step]!.slice(start, start + 2), 16);
    return Math.round(channel(lower) + (position - lower) * (channel(lower + 1) - channel(lower)));
  };
  return `rgb(${mix(1)}, ${mix(3)}, ${mix(5)})`;
}
