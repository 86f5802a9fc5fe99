/** A simple endcap: hexagonal modules side by side on flat layers, looked at from the collision point. */

/** Distance of the centres of neighbouring modules, in cm. */
const MODULE_PITCH_CM = 16.74;
/** First and last silicon layer of the electromagnetic part; only odd ones feed the trigger. */
const LAST_EM_LAYER = 28;

/** Position of a module in its layer. */
export interface WaferPlace {
  readonly u: number;
  readonly v: number;
}

/** Distance of a layer from the collision point in cm: 322 to 362 for layers 1-28, 368 to 510 for 29-50. */
export function layerZ(layer: number): number {
  return layer <= LAST_EM_LAYER ? 322 + (40 * (layer - 1)) / 27 : 368 + (142 * (layer - 29)) / 21;
}

/** Module nearest to a direction: axial rounding of x = pitch (v/2 - u), y = pitch sqrt(3)/2 v. */
export function nearestWafer(layer: number, eta: number, phi: number): WaferPlace {
  const radius = layerZ(layer) / Math.sinh(eta);
  const v = (radius * Math.sin(phi)) / (MODULE_PITCH_CM * Math.sqrt(0.75));
  const u = v / 2 - (radius * Math.cos(phi)) / MODULE_PITCH_CM;
  return roundAxial(u, v);
}

/** Pseudorapidity and azimuth of a module's centre. */
export function waferDirection(layer: number, { u, v }: WaferPlace): { eta: number; phi: number } {
  const x = MODULE_PITCH_CM * (v / 2 - u);
  const y = MODULE_PITCH_CM * Math.sqrt(0.75) * v;
  return { eta: Math.asinh(layerZ(layer) / Math.hypot(x, y)), phi: Math.atan2(y, x) };
}

/** Radii in cm from which on the silicon is 200 and 300 micrometres thick instead of 120. */
const THICKER_FROM_CM = [70, 100];

/** Thickness of the silicon, which grows with the distance from the beam: 0, 1, 2 for 120, 200, 300 micrometres. */
export function waferType(layer: number, eta: number): number {
  const radius = layerZ(layer) / Math.sinh(eta);
  return THICKER_FROM_CM.filter((limit) => radius >= limit).length;
}

/** Nearest point of the hexagonal lattice: of the cube coordinates (-u, v, u - v) the worst rounded is mended. */
function roundAxial(u: number, v: number): WaferPlace {
  const [a, b, c] = [-u, v, u - v];
  const rounded = [Math.round(a), Math.round(b), Math.round(c)];
  const errors = [Math.abs(rounded[0] - a), Math.abs(rounded[1] - b), Math.abs(rounded[2] - c)];
  if (errors[0] > errors[1] && errors[0] > errors[2]) rounded[0] = -rounded[1] - rounded[2];
  else if (errors[1] > errors[2]) rounded[1] = -rounded[0] - rounded[2];
  return { u: 0 - rounded[0], v: 0 + rounded[1] };
}
