/** Decodes link words of the algorithms whose frames have a fixed length: a frame for each crossing. */
import { BitReader, WORD_BITS } from '../frames/bits.ts';
import { shortCounter } from '../frames/frames.ts';
import type { DecodedCharges } from './decoded.ts';
import type { FrameReader } from './fixed-frames.ts';
import { CounterSequence, isIdleWord, LinkWordError, splitOutputWords } from './link-words.ts';

/** Numbers of frames, [crossings, width of the reader], and what comes with them. */
export interface DecodedFrames extends Omit<DecodedCharges, 'charges'> {
  readonly values: Float32Array;
}

/** Goes on from block to block. */
export class FixedDecoder {
  private crossing = 0;
  private readonly counters: CounterSequence;

  constructor(
    private readonly eLinks: number,
    private readonly reader: FrameReader,
    private readonly syncWord: number,
  ) {
    this.counters = new CounterSequence(reader.counterBits === 4);
  }

  /**
   * Frames of link words [crossings, eLinks].
   * @throws LinkWordError when counters do not follow each other, or unused bits are set
   */
  decode(links: ArrayLike<number>): DecodedFrames {
    const words = splitOutputWords(links, this.eLinks);
    const frameWords = 2 * this.eLinks;
    const crossings = words.length / frameWords;
    const decoded = {
      values: new Float32Array(crossings * this.reader.width),
      sums: new Float64Array(crossings).fill(NaN),
      counters: new Uint8Array(crossings),
      resets: new Uint8Array(crossings),
    };
    const bits = new BitReader(words);
    for (let row = 0; row < crossings; row++, this.crossing++) {
      const start = row * frameWords;
      if (this.isReset(words, start)) {
        decoded.resets[row] = 1;
        const counter = words[start] >> 11;
        decoded.counters[row] = this.reader.counterBits === 4 ? shortCounter(counter) : counter;
      } else {
        bits.seek(start);
        decoded.counters[row] = bits.read(this.reader.counterBits);
        decoded.sums[row] = this.reader.read(bits, decoded.values, row);
        this.requireZeroEnd(words, start);
      }
      this.counters.follow(decoded.counters[row], this.crossing);
    }
    return decoded;
  }

  private isReset(words: Uint16Array, start: number): boolean {
    if (!isIdleWord(words[start], this.syncWord)) return false;
    for (let i = start + 1; i < start + 2 * this.eLinks; i++) if (words[i] !== words[start]) return false;
    return true;
  }

  private requireZeroEnd(words: Uint16Array, start: number): void {
    const { usedBits } = this.reader;
    const partial = start + Math.floor(usedBits / WORD_BITS);
    const end = start + 2 * this.eLinks;
    let rest = partial < end ? words[partial] & (0xffff >> (usedBits % WORD_BITS)) : 0;
    for (let i = partial + 1; i < end; i++) rest |= words[i];
    if (rest === 0) return;
    throw new LinkWordError(
      this.crossing,
      `bits behind the ${usedBits} of a frame are set: the words are not aligned, or of other eLinks or another algorithm`,
    );
  }
}
