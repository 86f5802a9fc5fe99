/** Input links (ePortRX): 12 words of 28 bits per bunch crossing, four 7-bit charges each. */
import { CHANNELS, crossingsOf } from './channels.ts';

/** Input links of a module. */
export const INPUT_LINKS = 12;
/** Bits of a word that hold charges; the 4 bits above them are the header. */
export const PAYLOAD_BITS = 28;

const CODE_BITS = 7;
const CODES_PER_WORD = PAYLOAD_BITS / CODE_BITS;
const CODE_MASK = (1 << CODE_BITS) - 1;

/** Which charge of a word comes first: the lowest bits, as the chip reads, or the highest, as older writers wrote. */
export type WordOrder = 'lowest-first' | 'highest-first';

/**
 * The 48 charge codes of each crossing, [crossings, 48], from link words [crossings, 12]. Headers are ignored.
 * @throws RangeError when the last crossing is not whole
 */
export function splitLinkWords(words: ArrayLike<number>, order: WordOrder = 'lowest-first'): Uint8Array {
  const crossings = crossingsOf(words, INPUT_LINKS, 'link words');
  const codes = new Uint8Array(crossings * CHANNELS);
  for (let i = 0; i < codes.length; i++) {
    codes[i] = (words[Math.floor(i / CODES_PER_WORD)] >>> shiftOf(i, order)) & CODE_MASK;
  }
  return codes;
}

/** Link words [crossings, 12] of charge codes [crossings, 48], headers zero: the inverse of {@link splitLinkWords}. */
export function packLinkWords(codes: ArrayLike<number>, order: WordOrder = 'lowest-first'): Uint32Array {
  const crossings = crossingsOf(codes, CHANNELS, 'charge codes');
  const words = new Uint32Array(crossings * INPUT_LINKS);
  for (let i = 0; i < codes.length; i++) {
    words[Math.floor(i / CODES_PER_WORD)] |= (codes[i] & CODE_MASK) << shiftOf(i, order);
  }
  return words;
}

function shiftOf(channel: number, order: WordOrder): number {
  const place = channel % CODES_PER_WORD;
  return CODE_BITS * (order === 'lowest-first' ? place : CODES_PER_WORD - 1 - place);
}
