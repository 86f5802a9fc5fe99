/** Format of the autoencoder: module sum, then the bits of the latent numbers that a mask keeps. */
import { autoencoderDataBits, LATENT_SIZE } from '@hep/hgcal-geometry';
import { expectLength } from '../channels.ts';
import type { FramePlan } from './frames.ts';

/** Bits of a latent number as the encoder gives it: 1 before the binary point, 8 behind it. */
export const LATENT_BITS = 9;

/** Latent bits in the order of the frame: bit `bits[i]` of number `outputs[i]`, after `padding` zeros. */
export interface LatentLayout {
  readonly outputs: Uint8Array;
  readonly bits: Uint8Array;
  readonly padding: number;
}

/**
 * Which latent bits a frame holds: those that the mask keeps, number 15 first, high bits first; if they are too many
 * for the links, the first ones are cut off.
 * @param mask kept bits of each of the 16 numbers
 */
export function latentLayout(mask: ArrayLike<number>, eLinks: number): LatentLayout {
  expectLength(mask, LATENT_SIZE, 'latent mask');
  const kept: { output: number; bit: number }[] = [];
  for (let output = LATENT_SIZE - 1; output >= 0; output--) {
    for (let bit = LATENT_BITS - 1; bit >= 0; bit--)
      if ((mask[output] >> bit) & 1) kept.push({ output, bit });
  }
  const space = autoencoderDataBits(eLinks);
  const sent = kept.slice(Math.max(0, kept.length - space));
  return {
    outputs: Uint8Array.from(sent, ({ output }) => output),
    bits: Uint8Array.from(sent, ({ bit }) => bit),
    padding: space - sent.length,
  };
}

/**
 * @param latent raw latent numbers in units of 2^-8, [crossings, 16]
 * @param sums codes (5E+4M) of the module sums, [crossings]
 * @param mask kept bits of each latent number
 */
export function autoencoderPlan(
  latent: Uint16Array,
  sums: Uint16Array,
  mask: ArrayLike<number>,
  eLinks: number,
): FramePlan {
  const { outputs, bits: places, padding } = latentLayout(mask, eLinks);
  return {
    write(row, counter, bits) {
      const start = row * LATENT_SIZE;
      bits.write(counter, 5);
      bits.write(sums[row], 9);
      for (let i = 0; i < padding; i++) bits.write(0, 1);
      for (let i = 0; i < outputs.length; i++) bits.write(latent[start + outputs[i]] >> places[i], 1);
      bits.finish();
      return 2 * eLinks;
    },
  };
}
