import { drawingRange, TRIGGER_CELLS, triggerCellOutlines } from '@hep/hgcal-geometry';
import { chargeColour, chargeScale, palette } from './colours.ts';
import { MIP_T, plainText, type Annotation, type Figure, type Shape, type Trace } from './figure.ts';

/** One module before and after compression. */
export interface WaferInput {
  /** Charges of the 48 trigger cells, MIP_T. */
  readonly input: ArrayLike<number>;
  /** The same after decoding, MIP_T. Left out: only the input is drawn. */
  readonly decoded?: ArrayLike<number>;
  /** Encoder output, drawn as bars. */
  readonly latent?: ArrayLike<number>;
  /** Line above the input, for example where the module sits. */
  readonly label?: string;
  /** Earth mover's distance between the two, in cells; negative where one of them has no charge, so that there is none. */
  readonly emd?: number;
  /** Largest charge of the colour scale, MIP_T. Default: the largest charge drawn. */
  readonly maxMipT?: number;
  /** Colour by log10 of the charge. */
  readonly logScale?: boolean;
}

/** Panels from left to right in units of the figure width. */
const panels = { input: [0, 0.34], decoded: [0.36, 0.7], latent: [0.86, 1] } as const;
const OUTLINE = { color: '#8b949e', width: 1 };
/** Charges below this part of the largest are not told apart on the logarithmic scale. */
const LOG_DECADES = 3;

/**
 * A module drawn with its hexagonal trigger cells: input, decoded charges and latent values side by side. Each
 * wafer has 48 polygons. Throws `Error` unless 48 charges are given.
 */
export function waferFigure(wafer: WaferInput): Figure {
  const scale = chargeScaleOf(wafer);
  const drawn = [panel('input', '', wafer.input, scale, wafer.decoded === undefined)];
  if (wafer.decoded) drawn.push(panel('decoded', '2', wafer.decoded, scale, true));
  const sum = (charges: ArrayLike<number>) =>
    Array.from(charges).reduce((total, charge) => total + charge, 0);
  const notes = [note('input', 'Input', `Σ ${sum(wafer.input).toPrecision(3)} ${MIP_T}`, wafer.label)];
  if (wafer.decoded) {
    const distance = wafer.emd === undefined ? undefined : distanceText(wafer.emd);
    notes.push(note('decoded', 'Decoded', `Σ ${sum(wafer.decoded).toPrecision(3)} ${MIP_T}`, distance));
  }
  const height = wafer.decoded && wafer.latent ? 400 : 420;
  const { x, y } = drawingRange;
  const hidden = { visible: false, fixedrange: true };
  return {
    data: [...drawn.map(({ trace }) => trace), ...(wafer.latent ? [latentBars(wafer.latent)] : [])],
    layout: {
      height,
      margin: { l: 10, r: 20, t: 70, b: wafer.latent ? 50 : 20 },
      showlegend: false,
      xaxis: { ...hidden, domain: panels.input, range: x },
      yaxis: { ...hidden, range: y, scaleanchor: 'x' },
      xaxis2: { ...hidden, domain: panels.decoded, range: x, anchor: 'y2' },
      yaxis2: { ...hidden, range: y, scaleanchor: 'x2', anchor: 'x2' },
      ...(wafer.latent
        ? {
            xaxis3: {
              domain: panels.latent,
              anchor: 'y3',
              title: { text: 'Latent value' },
              rangemode: 'tozero' as const,
            },
            yaxis3: {
              anchor: 'x3',
              title: { text: 'Latent index' },
              range: [wafer.latent.length - 0.4, -0.6] as const,
              dtick: 5,
            },
          }
        : {}),
      shapes: drawn.flatMap(({ shapes }) => shapes),
      annotations: notes,
    },
  };
}

function distanceText(emd: number): string {
  return emd < 0 ? 'no EMD: a side without charge' : `EMD ${emd.toPrecision(3)} cells`;
}

interface ColourScale {
  readonly fraction: (charge: number) => number;
  readonly max: number;
  readonly log: boolean;
}

function chargeScaleOf({ input, decoded, maxMipT, logScale = false }: WaferInput): ColourScale {
  const largest = maxMipT ?? Math.max(...Array.from(input), ...Array.from(decoded ?? []));
  const max = largest > 0 ? largest : 1;
  const fraction = (charge: number) => {
    if (!(charge > 0)) return 0;
    return logScale ? Math.max(0, 1 + Math.log10(charge / max) / LOG_DECADES) : charge / max;
  };
  return { fraction, max, log: logScale };
}

function panel(
  name: 'input' | 'decoded',
  axis: '' | '2',
  charges: ArrayLike<number>,
  scale: ColourScale,
  withColourBar: boolean,
): { shapes: Shape[]; trace: Trace } {
  if (charges.length !== TRIGGER_CELLS) {
    throw new Error(`wafer drawing: ${charges.length} ${name} charges, expected ${TRIGGER_CELLS}`);
  }
  const outlines = triggerCellOutlines();
  const shapes = Array.from(charges, (charge, cell): Shape => {
    const corners = [0, 1, 2, 3].map((corner) => {
      const at = (cell * 4 + corner) * 2;
      return `${outlines[at]!.toFixed(4)},${outlines[at + 1]!.toFixed(4)}`;
    });
    return {
      type: 'path',
      path: `M${corners.join('L')}Z`,
      xref: `x${axis}`,
      yref: `y${axis}`,
      fillcolor: chargeColour(scale.fraction(charge)),
      line: OUTLINE,
      layer: 'below',
    };
  });
  return { shapes, trace: cellPoints(outlines, charges, axis, scale, withColourBar) };
}

/** Invisible points in the cells: they carry the hover text and the colour bar. */
function cellPoints(
  outlines: Float64Array,
  charges: ArrayLike<number>,
  axis: '' | '2',
  scale: ColourScale,
  withColourBar: boolean,
): Trace {
  const centre = (cell: number, coordinate: 0 | 1) =>
    (outlines[cell * 8 + coordinate]! + outlines[cell * 8 + 4 + coordinate]!) / 2;
  const cells = Array.from(charges, (_, cell) => cell);
  return {
    type: 'scatter',
    mode: 'markers',
    x: cells.map((cell) => centre(cell, 0)),
    y: cells.map((cell) => centre(cell, 1)),
    customdata: Array.from(charges),
    marker: {
      opacity: 0,
      size: 18,
      color: Array.from(charges, scale.fraction),
      colorscale: chargeScale,
      cmin: 0,
      cmax: 1,
      showscale: withColourBar,
      ...(withColourBar ? { colorbar: colourBar(axis, scale) } : {}),
    },
    hovertemplate: `trigger cell %{pointNumber}: %{customdata:.3g} ${MIP_T}<extra></extra>`,
    xaxis: `x${axis}`,
    yaxis: `y${axis}`,
  };
}

function colourBar(axis: '' | '2', scale: ColourScale) {
  const ticks = scale.log ? decades(scale.max) : roundNumbers(scale.max);
  return {
    title: { text: `Charge [${MIP_T}]`, side: 'right' as const },
    x: panels[axis === '' ? 'input' : 'decoded'][1] + 0.005,
    len: 0.95,
    thickness: 14,
    tickvals: ticks.map(scale.fraction),
    ticktext: ticks.map((charge) => String(Number(charge.toPrecision(3)))),
  };
}

/** Multiples of 1, 2 or 5 times a power of ten from 0 to `max`, about five of them. */
function roundNumbers(max: number): number[] {
  const power = 10 ** Math.floor(Math.log10(max / 4));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= max / 6)!;
  return Array.from({ length: Math.floor(max / step) + 1 }, (_, i) => i * step);
}

/** Powers of ten on the logarithmic scale that ends at `max`. */
function decades(max: number): number[] {
  const highest = Math.floor(Math.log10(max));
  return Array.from({ length: LOG_DECADES }, (_, i) => 10 ** (highest - i)).reverse();
}

function latentBars(latent: ArrayLike<number>): Trace {
  return {
    type: 'bar',
    orientation: 'h',
    x: Array.from(latent),
    y: Array.from(latent, (_, index) => index),
    marker: { color: palette[0] },
    hovertemplate: 'latent %{y}: %{x:.4g}<extra></extra>',
    xaxis: 'x3',
    yaxis: 'y3',
  };
}

function note(name: 'input' | 'decoded', title: string, value: string, detail?: string): Annotation {
  const [left, right] = panels[name];
  const extra = detail === undefined ? '' : `<br>${plainText(detail)}`;
  return {
    text: `<b>${title}</b>  ${value}${extra}`,
    x: (left + right) / 2,
    y: 1.02,
    xref: 'paper',
    yref: 'paper',
    xanchor: 'center',
    yanchor: 'bottom',
    showarrow: false,
  };
}
