/** Latent numbers outside of frames: the encoder's output word, and the mask of bits to keep. */
import { LATENT_SIZE, latentRegister } from '@hep/hgcal-geometry';
import { expectLength } from '../channels.ts';
import { LATENT_BITS } from '../frames/autoencoder-frames.ts';

/** Registers KAEB_BYTE0..17 of the mask. */
export const MASK_BYTES = 18;
const SUM_BITS = 9;
const WORD_DIGITS = 39;
const LATENT_MASK = (1 << LATENT_BITS) - 1;

/** Raw latent numbers (units of 2^-8) of values in [0, 2), truncated and saturated. */
export function latentFromValues(values: ArrayLike<number>): Uint16Array {
  return Uint16Array.from(values, (value) =>
    Math.min(LATENT_MASK, Math.max(0, Math.floor(value * 2 ** (LATENT_BITS - 1)))),
  );
}

/**
 * The encoder's 153-bit output (AE_OUTPUT_OUTENCODER) in 39 hexadecimal digits: number 15 to number 0, then the sum.
 * @param latent 16 raw latent numbers
 * @param sum code of the module sum
 */
export function encoderWord(latent: ArrayLike<number>, sum: number): string {
  expectLength(latent, LATENT_SIZE, 'latent numbers');
  let word = 0n;
  for (let k = LATENT_SIZE - 1; k >= 0; k--) word = (word << BigInt(LATENT_BITS)) | BigInt(latent[k]);
  return ((word << BigInt(SUM_BITS)) | BigInt(sum)).toString(16).padStart(WORD_DIGITS, '0');
}

/**
 * Latent numbers and sum of an output word: the inverse of {@link encoderWord}.
 * @throws RangeError unless the text is a hexadecimal number of 153 bits
 */
export function parseEncoderWord(text: string): { latent: Uint16Array; sum: number } {
  const bits = LATENT_SIZE * LATENT_BITS + SUM_BITS;
  if (!/^[0-9a-f]+$/i.test(text) || BigInt(`0x${text}`) >> BigInt(bits) > 0n) {
    throw new RangeError(`encoder word "${text}"; expected a hexadecimal number of ${bits} bits`);
  }
  const word = BigInt(`0x${text}`);
  const field = (shift: number) => Number((word >> BigInt(shift)) & BigInt(LATENT_MASK));
  return {
    latent: Uint16Array.from({ length: LATENT_SIZE }, (_, k) => field(SUM_BITS + LATENT_BITS * k)),
    sum: field(0),
  };
}

/**
 * Kept bits of each latent number, [16], from the registers KAEB_BYTE0..17: byte 17 begins with bit 8 of number 15.
 * @throws RangeError unless there are 18 bytes
 */
export function latentMask(bytes: ArrayLike<number>): Uint16Array {
  expectLength(bytes, MASK_BYTES, 'mask bytes');
  const bitAt = (place: number) => (bytes[place >> 3] >> (place & 7)) & 1;
  return Uint16Array.from({ length: LATENT_SIZE }, (_, output) => {
    let kept = 0;
    for (let bit = 0; bit < LATENT_BITS; bit++) kept |= bitAt(LATENT_BITS * output + bit) << bit;
    return kept;
  });
}

/** Registers KAEB_BYTE0..17 of a mask: the inverse of {@link latentMask}. */
export function maskBytes(mask: ArrayLike<number>): Uint8Array {
  expectLength(mask, LATENT_SIZE, 'latent mask');
  const bytes = new Uint8Array(MASK_BYTES);
  for (let place = 0; place < LATENT_SIZE * LATENT_BITS; place++) {
    const bit = (mask[Math.floor(place / LATENT_BITS)] >> (place % LATENT_BITS)) & 1;
    bytes[place >> 3] |= bit << (place & 7);
  }
  return bytes;
}

/** Mask that keeps the highest bits of every number, as many as fit: 1, 3, 5, 7, 9 on 1, 2, 3, 4, 5 or more eLinks. */
export function latentMaskFor(eLinks: number): Uint16Array {
  const kept = eLinks === 1 ? 1 : latentRegister(Math.min(eLinks, 5)).total;
  return new Uint16Array(LATENT_SIZE).fill(LATENT_MASK & ~(LATENT_MASK >> kept));
}
