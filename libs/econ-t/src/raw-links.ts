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
  const shifts = shiftsOf(order);
  for (let word = 0; word < words.length; word++) {
    for (let place = 0; place < CODES_PER_WORD; place++) {
      codes[CODES_PER_WORD * word + place] = (words[word] >>> shifts[place]) & CODE_MASK;
    }
  }
  return codes;
}

/** Link words [crossings, 12] of charge codes [crossings, 48], headers zero: the inverse of {@link splitLinkWords}. */
export function packLinkWords(codes: ArrayLike<number>, order: WordOrder = 'lowest-first'): Uint32Array {
  const crossings = crossingsOf(codes, CHANNELS, 'charge codes');
  const words = new Uint32Array(crossings * INPUT_LINKS);
  const shifts = shiftsOf(order);
  for (let word = 0; word < words.length; word++) {
    for (let place = 0; place < CODES_PER_WORD; place++) {
      words[word] |= (codes[CODES_PER_WORD * word + place] & CODE_MASK) << shifts[place];
    }
  }
  return words;
}

/** Lowest bit of each charge in a word. */
function shiftsOf(order: WordOrder): readonly number[] {
  const shifts = Array.from({ length: CODES_PER_WORD }, (_, place) => CODE_BITS * place);
  return order === 'lowest-first' ? shifts : shifts.reverse();
}
