/** From 7-bit charges to transverse energy: float to fixed point, then the calibration. */
import { roundHalfEven } from '@hep/statistics';
import { CHANNELS, crossingsOf, expectLength } from './channels.ts';
import { CHARGE_CODE, codeCount, decodingTable } from './float-code.ts';

/** Unit of the calibration registers: a register of 2048 leaves the charge as it is. */
export const CALIBRATION_UNIT = 2048;
/** Threshold of 1.35 MIP_T in ADC counts: 1.35 * 3.43 fC in units of 100/1024 fC. */
export const DEFAULT_THRESHOLD = 47;

/**
 * Linear charges of codes, bin centres: [crossings, 48] in input ADC counts. Code 0 becomes half of what the front end
 * dropped (1 or 4 counts), as in the chip.
 */
export function floatToFixed(codes: Uint8Array, inputDroppedBits: number): Int32Array {
  const table = Int32Array.from(decodingTable(CHARGE_CODE, inputDroppedBits));
  const last = codeCount(CHARGE_CODE) - 1;
  const charges = new Int32Array(codes.length);
  for (let i = 0; i < codes.length; i++) charges[i] = table[codes[i] & last];
  return charges;
}

/**
 * Calibrated charges [crossings, 48], the chip's CALQ: charge times register, in units of 2^-11, truncated.
 * @param calibration 48 registers of 12 bits
 * @throws RangeError when a length does not fit
 */
export function calibrate(charges: Int32Array, calibration: ArrayLike<number>): Int32Array {
  const crossings = crossingsOf(charges, CHANNELS, 'charges');
  expectLength(calibration, CHANNELS, 'calibration registers');
  const calibrated = new Int32Array(charges.length);
  for (let row = 0; row < crossings; row++) {
    const start = row * CHANNELS;
    for (let k = 0; k < CHANNELS; k++) {
      calibrated[start + k] = Math.floor((charges[start + k] * calibration[k]) / CALIBRATION_UNIT);
    }
  }
  return calibrated;
}

/** Registers that turn energy into transverse energy: 2048 / cosh(eta), rounded half to even. */
export function calibrationFromEta(etas: ArrayLike<number>): Uint16Array {
  return Uint16Array.from(etas, (eta) => roundHalfEven(CALIBRATION_UNIT / Math.cosh(eta)));
}
