/** Algorithm "repeater": every charge, in 7 bits. */
import { CHANNELS, crossingsOf } from './channels.ts';
import { CHARGE_CODE, encodeFloat } from './float-code.ts';

/**
 * Codes (4E+3M) of the charges less their dropped bits, [crossings, 48].
 * @param charges CALQ, [crossings, 48]
 */
export function repeater(charges: Int32Array, droppedBits: number): Uint8Array {
  crossingsOf(charges, CHANNELS, 'charges');
  const codes = new Uint8Array(charges.length);
  for (let i = 0; i < charges.length; i++) codes[i] = encodeFloat(charges[i] >> droppedBits, CHARGE_CODE);
  return codes;
}
