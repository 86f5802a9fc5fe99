const SCALE = 4096;

/**
 * Calibrated transverse charge of a trigger cell in CALQ counts: trunc(data * trunc(4096 / cosh(eta)) / 4096), the fixed
 * point numbers of the Ecoder study (produceTrainingData.py).
 * @param data uncorrected charge (`tc_data`), a whole number
 */
export function transverseCharge(data: number, eta: number): number {
  return Math.trunc((data * Math.trunc(SCALE / Math.cosh(eta))) / SCALE);
}
