import { histogramRatio, type HistogramRatio, type WeightedHistogram } from '@hep/statistics';
import { palette, translucent } from './colours.ts';
import {
  legendAbove,
  logarithmicAxis,
  plainText,
  type Axis,
  type ErrorBars,
  type Figure,
  type Trace,
} from './figure.ts';
import { middles, stepBand, stepOutline, type Outline } from './steps.ts';

/** A histogram with its name in the legend. */
export interface NamedHistogram {
  readonly name: string;
  readonly histogram: WeightedHistogram;
}

/** Data against simulation, both in the same bins. */
export interface RatioHistogramInput {
  /** Drawn as points. */
  readonly data: NamedHistogram;
  /** Drawn as filled steps with a band of their errors. */
  readonly simulation: NamedHistogram;
  /** Axis titles with units; may use Plotly markup. */
  readonly xTitle: string;
  readonly yTitle: string;
  /** Default: `Data / sim.`. */
  readonly ratioTitle?: string;
  readonly logX?: boolean;
  readonly logY?: boolean;
  /** Plain text in the frame, for example a test of the agreement. */
  readonly note?: string;
}

const panels = { main: [0.34, 1], ratio: [0, 0.28] } as const;
/** The ratio is drawn from 0 to this; what lies above is marked at the edge. */
const LARGEST_RATIO = 2;
/** Contents below this part of the largest are not drawn on a logarithmic axis. */
const SMALLEST_PART = 1e-6;
/** Room for the note above the largest content. */
const headroom = { linear: 1.25, log: 8 } as const;

/**
 * Points of data with error bars on the steps of a simulation, and their ratio below: bars are the errors of the data
 * alone, the band those of the simulation.
 * @throws RangeError when the bins of both differ
 */
export function ratioHistogram(input: RatioHistogramInput): Figure {
  const { data, simulation, xTitle, yTitle, ratioTitle = 'Data / sim.' } = input;
  const { logX = false, logY = false, note } = input;
  const range = contentRange([data.histogram, simulation.histogram], logY);
  const floor = logY ? range[0] : 0;
  const ratio = histogramRatio(data.histogram, simulation.histogram);
  const x = axis(edgeRange(simulation.histogram.edges, logX), logX);
  return {
    data: [...simulationSteps(simulation, floor), dataPoints(data, logX, floor), ...ratioPanel(ratio, logX)],
    layout: {
      height: 520,
      xaxis: { ...x, anchor: 'y', matches: 'x2', showticklabels: false },
      yaxis: { ...axis(range, logY), title: { text: yTitle }, domain: panels.main },
      xaxis2: { ...x, anchor: 'y2', title: { text: xTitle } },
      yaxis2: {
        title: { text: ratioTitle },
        domain: panels.ratio,
        anchor: 'x2',
        range: [0, LARGEST_RATIO],
        tickvals: [0.5, 1, 1.5],
      },
      annotations: note === undefined ? [] : [inFrame(note)],
      ...legendAbove(1, 'h'),
    },
  };
}

function axis(range: readonly [number, number], isLog: boolean): Axis {
  return isLog ? logarithmicAxis(range[0], range[1]) : { range };
}

/** On a logarithmic axis from the first edge above 0. */
function edgeRange(edges: Float64Array, isLog: boolean): readonly [number, number] {
  return [isLog ? edges.find((edge) => edge > 0)! : edges[0], edges[edges.length - 1]];
}

function contentRange(histograms: readonly WeightedHistogram[], isLog: boolean): readonly [number, number] {
  const contents = histograms.flatMap((histogram) => [...histogram.contents]);
  const tops = histograms.flatMap(({ contents, errors }) => Array.from(contents, (c, k) => c + errors[k]));
  const largest = Math.max(...tops) > 0 ? Math.max(...tops) : 1;
  if (!isLog) return [0, largest * headroom.linear];
  const smallest = Math.min(largest, ...contents.filter((content) => content > 0));
  return [Math.max(smallest / 2, largest * SMALLEST_PART), largest * headroom.log];
}

function simulationSteps({ name, histogram }: NamedHistogram, floor: number): Trace[] {
  const { edges, contents, errors } = histogram;
  const shift = (sign: number) => contents.map((content, bin) => content + sign * errors[bin]);
  return [
    {
      ...band(
        stepBand(
          edges,
          contents.map(() => floor),
          contents,
          floor,
        ),
        0.22,
      ),
      line: { width: 0 },
    },
    band(stepBand(edges, shift(-1), shift(1), floor), 0.35),
    {
      type: 'scatter',
      mode: 'lines',
      name: plainText(name),
      ...stepOutline(edges, contents, floor),
      line: { color: palette[0], width: 2 },
      hovertemplate: '%{x:.4g}: %{y:.4g}',
    },
  ];
}

/** Points in the text colour of the page: black on white. */
function dataPoints({ name, histogram }: NamedHistogram, logX: boolean, floor: number): Trace {
  const { edges, contents, errors } = histogram;
  return {
    type: 'scatter',
    mode: 'markers',
    name: plainText(name),
    x: middles(edges, logX),
    y: Array.from(contents, (content) => (content > floor ? content : null)),
    marker: { size: 7 },
    error_y: bars(errors),
    hovertemplate: '%{x:.4g}: %{y:.4g} ± %{error_y.array:.2g}',
  };
}

function ratioPanel({ edges, values, errors, band: width }: HistogramRatio, logX: boolean): Trace[] {
  const around = (sign: number) => width.map((half) => (Number.isNaN(half) ? 1 : 1 + sign * half));
  const centres = middles(edges, logX);
  const above = centres.filter((_, bin) => values[bin] > LARGEST_RATIO);
  const panel = { xaxis: 'x2', yaxis: 'y2', showlegend: false } as const;
  return [
    { ...band(stepBand(edges, around(-1), around(1), 0), 0.35), ...panel },
    line([edges[0], edges[edges.length - 1]]),
    {
      type: 'scatter',
      mode: 'markers',
      name: 'ratio',
      x: centres,
      y: Array.from(values, (value) => (value <= LARGEST_RATIO ? value : null)),
      marker: { size: 7 },
      error_y: bars(errors),
      hovertemplate: '%{x:.4g}: %{y:.3f} ± %{error_y.array:.2g}<extra></extra>',
      ...panel,
    },
    {
      type: 'scatter',
      mode: 'markers',
      name: 'ratio above the frame',
      x: above,
      y: above.map(() => LARGEST_RATIO * 0.95),
      text: Array.from(
        values.filter((value) => value > LARGEST_RATIO),
        (value) => value.toPrecision(3),
      ),
      marker: { size: 9, symbol: 'triangle-up-open' },
      hovertemplate: '%{x:.4g}: %{text}<extra></extra>',
      ...panel,
    },
  ];
}

/** Agreement. */
function line(x: readonly [number, number]): Trace {
  return {
    type: 'scatter',
    mode: 'lines',
    x,
    y: [1, 1],
    line: { color: '#8b949e', width: 1.5, dash: 'dash' },
    xaxis: 'x2',
    yaxis: 'y2',
    showlegend: false,
    hoverinfo: 'skip',
  };
}

function band(outline: Outline, opacity: number): Trace {
  return {
    type: 'scatter',
    mode: 'lines',
    ...outline,
    fill: 'toself',
    fillcolor: translucent(palette[0], opacity),
    line: { width: 0 },
    showlegend: false,
    hoverinfo: 'skip',
  };
}

function bars(errors: Float64Array): ErrorBars {
  const array = Array.from(errors, (error) => (Number.isFinite(error) ? error : null));
  return { type: 'data', symmetric: false, array, arrayminus: array, thickness: 1.6, width: 0 };
}

function inFrame(text: string) {
  return {
    text: plainText(text),
    x: 0.98,
    y: 0.98,
    xref: 'paper',
    yref: 'paper',
    xanchor: 'right',
    yanchor: 'top',
    showarrow: false,
  } as const;
}
