const TURN = 2 * Math.PI;

/** An angle in [-pi, pi). */
export function wrapAngle(angle: number): number {
  const shifted = (angle + Math.PI) % TURN;
  const positive = shifted < 0 ? shifted + TURN : shifted;
  return (positive < TURN ? positive : 0) - Math.PI;
}

/** Distance sqrt(deta^2 + dphi^2) of two directions. */
export function deltaR(eta1: number, phi1: number, eta2: number, phi2: number): number {
  return Math.hypot(eta1 - eta2, wrapAngle(phi1 - phi2));
}
