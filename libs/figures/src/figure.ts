/** A Plotly figure as plain JSON: what `Plotly.newPlot(element, data, layout)` takes. Only the parts used here. */
export interface Figure {
  readonly data: readonly Trace[];
  readonly layout: Layout;
}

/** Numbers of a trace; `null` leaves a gap. */
export type Values = readonly (number | null)[];

/** Text of Plotly; build it with `plainText` where it comes from a user. */
export interface Text {
  readonly text: string;
}

/** A line of a trace. */
export interface Line {
  readonly color?: string;
  readonly width?: number;
  readonly dash?: 'solid' | 'dash' | 'dot' | 'dashdot';
  readonly shape?: 'linear' | 'hvh' | 'hv';
}

/** Errors above (`array`) and below (`arrayminus`) each point. */
export interface ErrorBars {
  readonly type: 'data';
  readonly symmetric: false;
  readonly array: Values;
  readonly arrayminus: Values;
  readonly color?: string;
  readonly thickness?: number;
  readonly width?: number;
}

/** The scale of colours beside a heat map. */
export interface ColourBar {
  readonly title: Text & { readonly side?: 'right' | 'top' };
  readonly x?: number;
  readonly len?: number;
  readonly thickness?: number;
  readonly tickvals?: readonly number[];
  readonly ticktext?: readonly string[];
}

/** The points of a trace. */
export interface Marker {
  readonly color?: string | Values;
  readonly size?: number;
  readonly symbol?: string;
  readonly opacity?: number;
  readonly colorscale?: readonly (readonly [number, string])[];
  readonly cmin?: number;
  readonly cmax?: number;
  readonly showscale?: boolean;
  readonly colorbar?: ColourBar;
  readonly line?: Line;
}

/** One set of data. */
export interface Trace {
  readonly type: 'scatter' | 'bar' | 'heatmap' | 'contour';
  readonly name?: string;
  readonly x: Values;
  readonly y: Values;
  /** Rows of a heatmap. */
  readonly z?: readonly Values[];
  /** Values at the ends of the colour scale. */
  readonly zmin?: number;
  readonly zmax?: number;
  readonly colorscale?: readonly (readonly [number, string])[];
  readonly colorbar?: ColourBar;
  readonly showscale?: boolean;
  /** Levels of a contour plot. */
  readonly contours?: {
    readonly start: number;
    readonly end: number;
    readonly size: number;
    readonly coloring: 'fill' | 'lines';
  };
  readonly mode?: 'lines' | 'markers' | 'lines+markers';
  readonly line?: Line;
  readonly marker?: Marker;
  readonly fill?: 'tozeroy' | 'toself';
  readonly fillcolor?: string;
  readonly error_y?: ErrorBars;
  readonly customdata?: Values;
  /** Of each point, for `hovertemplate`. */
  readonly text?: readonly string[];
  readonly hovertemplate?: string;
  readonly hoverinfo?: 'skip';
  readonly showlegend?: boolean;
  readonly orientation?: 'h' | 'v';
  readonly xaxis?: string;
  readonly yaxis?: string;
}

/** An axis; several figures in one have one each. */
export interface Axis {
  readonly title?: Text;
  readonly type?: 'linear' | 'log';
  readonly range?: readonly [number, number];
  readonly domain?: readonly [number, number];
  readonly anchor?: string;
  readonly scaleanchor?: string;
  readonly visible?: boolean;
  readonly dtick?: number | string;
  readonly tickvals?: readonly number[];
  readonly ticktext?: readonly string[];
  readonly rangemode?: 'tozero' | 'nonnegative' | 'normal';
  readonly fixedrange?: boolean;
  /** Axis whose range this one follows, for example `x`. */
  readonly matches?: string;
  readonly showticklabels?: boolean;
  readonly tickangle?: number;
  /** Ticks without label between the others. */
  readonly minor?: { readonly dtick: string; readonly ticks: 'inside'; readonly ticklen: number };
}

/** A filled outline; `path` is an SVG path in axis coordinates. */
export interface Shape {
  readonly type: 'path' | 'line';
  readonly path?: string;
  readonly x0?: number;
  readonly x1?: number;
  readonly y0?: number;
  readonly y1?: number;
  readonly xref: string;
  readonly yref: string;
  readonly fillcolor?: string;
  readonly line: Line;
  readonly layer?: 'below' | 'above';
}

/** A text at a place. */
export interface Annotation {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly xref: string;
  readonly yref: string;
  readonly xanchor?: 'left' | 'center' | 'right';
  readonly yanchor?: 'top' | 'middle' | 'bottom';
  readonly showarrow: false;
  readonly align?: 'left' | 'right';
}

/** Everything around the data. */
export interface Layout {
  readonly title?: Text;
  readonly height?: number;
  readonly margin?: { readonly l?: number; readonly r?: number; readonly t?: number; readonly b?: number };
  readonly showlegend?: boolean;
  readonly legend?: {
    readonly x?: number;
    readonly y?: number;
    readonly xanchor?: 'left' | 'right';
    readonly yanchor?: 'top' | 'bottom';
    readonly orientation?: 'h' | 'v';
  };
  readonly barmode?: 'overlay' | 'group';
  readonly bargap?: number;
  readonly shapes?: readonly Shape[];
  readonly annotations?: readonly Annotation[];
  readonly [axis: `xaxis${string}` | `yaxis${string}`]: Axis;
}

/** Logarithmic axis between two positive values; labels are decades where there are enough of them, 1, 2 and 5 times these otherwise. */
export function logarithmicAxis(lowest: number, highest: number): Axis {
  const range = [Math.log10(lowest), Math.log10(highest)] as const;
  const decades = range[1] - range[0];
  if (decades < 0.7) return { type: 'log', range };
  return {
    type: 'log',
    range,
    // All digits of a decade would overlap.
    dtick: decades > 1.7 ? 1 : 'D2',
    minor: { dtick: 'D1', ticks: 'inside', ticklen: 3 },
  };
}

/** Layout of a legend that stands above the frame, where it covers no points, in `rows` lines. */
export function legendAbove(
  rows: number,
  orientation: 'h' | 'v',
): Pick<Layout, 'showlegend' | 'legend' | 'margin'> {
  return {
    showlegend: true,
    legend: { x: 0, y: 1.02, xanchor: 'left', yanchor: 'bottom', orientation },
    margin: { t: 44 + 22 * rows },
  };
}

/** Letters that fit side by side above a figure of half the page's width. */
const LEGEND_WIDTH = 56;
/** Letters that a line sample and the gap after the text take. */
const LEGEND_SAMPLE = 6;

/** Layout of a legend above the frame whose entries stand side by side as far as they fit. */
export function legendOf(labels: readonly string[]): ReturnType<typeof legendAbove> {
  const longest = Math.max(1, ...labels.map(lettersOf));
  const columns = Math.max(1, Math.floor(LEGEND_WIDTH / (longest + LEGEND_SAMPLE)));
  return legendAbove(Math.ceil(labels.length / columns), 'h');
}

/** How many letters of a text are to be seen. */
function lettersOf(text: string): number {
  return text.replace(/<[^>]*>/g, '').replace(/&\w+;/g, ' ').length;
}

/** Transverse MIP, the unit of trigger cell charges, as axis text. */
export const MIP_T = 'MIP<sub>T</sub>';

/** Escaped text in which the unit MIP_T stands as `MIP_T` shows it. */
export function withLoweredUnits(escaped: string): string {
  return escaped.replace(/\bMIP_T\b/g, MIP_T);
}

/**
 * Text that Plotly shows letter by letter: its markup (`<b>`, `<a href>`) is disabled. Only the unit MIP_T gets its
 * lowered T.
 */
export function plainText(text: string): string {
  return withLoweredUnits(text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'));
}
