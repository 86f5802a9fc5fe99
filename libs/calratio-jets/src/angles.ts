const TURN = 2 * Math.PI;

/** An angle in [-pi, pi). */
export function wrapAngle(angle: number): number {
  const shifted = remainder(angle + Math.PI);
  const positive = shifted < 0 ? shifted + TURN : shifted;
  return (positive < TURN ? positive : 0) - Math.PI;
}

/** `angle % TURN`, of which a turn is taken away exactly and faster where that is enough. */
function remainder(angle: number): number {
  if (angle > -TURN && angle < TURN) return angle;
  return angle >= TURN && angle < 2 * TURN ? angle - TURN : angle % TURN;
}

/** Distance sqrt(deta^2 + dphi^2) of two directions. */
export function deltaR(eta1: number, phi1: number, eta2: number, phi2: number): number {
  return Math.hypot(eta1 - eta2, wrapAngle(phi1 - phi2));
}
