/** Decodes link words of the threshold sum: frames of varying length in a stream of words, with filler in between. */
import { CHANNELS } from '../channels.ts';
import { BitReader } from '../frames/bits.ts';
import {
  ADDRESS_BITS,
  CODE_BITS,
  COUNT_BITS,
  frameTypes,
  MOST_ADDRESSES,
  thresholdSumWords,
} from '../frames/threshold-sum-frames.ts';
import { cellTable, sumTable } from './decoded.ts';
import type { DecodedCharges } from './decoded.ts';
import { CounterSequence, isIdleWord, LinkWordError, splitOutputWords } from './link-words.ts';

/** Bits 10..9: of a truncated frame, bit 8 tells why. */
const TRUNCATED_TYPES = frameTypes.truncated >> 1;

const typeOf = (word: number) => (word >> 8) & 0b111;
const TYPES: ReadonlySet<number> = new Set(Object.values(frameTypes));

/** Whether an idle pattern has the type bits of a frame of the threshold sum, so that a receiver takes it for one. */
export function isFramePattern(syncWord: number): boolean {
  return TYPES.has(typeOf(syncWord)) || typeOf(syncWord) >> 1 === TRUNCATED_TYPES;
}
const counterOf = (word: number) => word >> 11;

/** Goes on from block to block; a frame whose words are not all there yet comes with the next block. */
export class ThresholdSumDecoder {
  private pending: Uint16Array = new Uint16Array(0);
  /** Words before the pending ones. */
  private consumed = 0;
  private readonly counters = new CounterSequence(false);
  private readonly table: Float64Array;

  /** @throws RangeError on an idle pattern that {@link isFramePattern} forbids */
  constructor(
    private readonly eLinks: number,
    droppedBits: number,
    private readonly syncWord: number,
  ) {
    if (isFramePattern(syncWord)) {
      const digits = syncWord.toString(2).padStart(11, '0');
      throw new RangeError(`idle pattern ${digits}: its first three bits are those of a frame`);
    }
    this.table = cellTable(droppedBits);
  }

  /**
   * Charges of the frames that link words [crossings, eLinks] complete, a row for each crossing that was sent.
   * Truncated frames have a sum but no charges.
   * @throws LinkWordError on words that begin no frame, and when counters do not follow each other
   */
  decode(links: ArrayLike<number>): DecodedCharges {
    const words = concatenate(this.pending, splitOutputWords(links, this.eLinks));
    const { starts, end } = this.findFrames(words);
    this.pending = words.slice(end);
    this.consumed += end;
    const decoded = {
      charges: new Float32Array(starts.length * CHANNELS),
      sums: new Float64Array(starts.length).fill(NaN),
      counters: Uint8Array.from(starts, (start) => counterOf(words[start])),
      resets: Uint8Array.from(starts, (start) => Number(this.isIdle(words[start]))),
    };
    const bits = new BitReader(words);
    starts.forEach((start, row) => {
      if (decoded.resets[row]) return;
      bits.seek(start);
      this.readFrame(bits, decoded, row);
    });
    return decoded;
  }

  /** First words of all whole frames, and where the rest begins. Idle words with a new counter stand for a reset. */
  private findFrames(words: Uint16Array): { starts: number[]; end: number } {
    const starts: number[] = [];
    let position = 0;
    while (position < words.length) {
      const word = words[position];
      const length = this.frameLength(words, position);
      if (position + length > words.length) break;
      const isFiller = this.isIdle(word) && counterOf(word) === this.counters.latest;
      if (!isFiller) {
        this.counters.follow(counterOf(word), this.crossingOf(position));
        starts.push(position);
      }
      position += length;
    }
    return { starts, end: position };
  }

  private isIdle(word: number): boolean {
    return isIdleWord(word, this.syncWord);
  }

  /** Words of the frame at `position`; 1 beyond the end where its beginning is not all there. */
  private frameLength(words: Uint16Array, position: number): number {
    const word = words[position];
    const type = typeOf(word);
    const available = words.length - position;
    if (type === frameTypes.empty || type >> 1 === TRUNCATED_TYPES) return 1;
    if (this.isIdle(word)) return 1;
    if (type === frameTypes.addresses) {
      if (available < 2) return available + 1;
      const count = words[position + 1] >> (16 - COUNT_BITS);
      if (count > 0) return thresholdSumWords(count);
    }
    if (type === frameTypes.map) {
      if (available < 4) return available + 1;
      let count = 0;
      for (let i = 1; i <= CHANNELS / 16; i++) count += bitCount(words[position + i]);
      if (count > MOST_ADDRESSES) return thresholdSumWords(count);
    }
    throw new LinkWordError(
      this.crossingOf(position),
      `word 0x${word.toString(16).padStart(4, '0')} begins no frame: the words are not aligned, or of other eLinks or another algorithm`,
    );
  }

  /** Crossing in which a word was on the links. */
  private crossingOf(position: number): number {
    return Math.floor((this.consumed + position) / (2 * this.eLinks));
  }

  private readFrame(bits: BitReader, { charges, sums }: DecodedCharges, row: number): void {
    bits.read(5);
    const type = bits.read(3);
    sums[row] = sumTable[bits.read(8)];
    const channels: number[] = [];
    if (type === frameTypes.addresses) {
      const count = bits.read(COUNT_BITS);
      for (let i = 0; i < count; i++) channels.push(bits.read(ADDRESS_BITS));
    } else if (type === frameTypes.map) {
      for (let k = 0; k < CHANNELS; k++) if (bits.read(1)) channels.push(k);
    }
    for (const channel of channels) charges[row * CHANNELS + channel] = this.table[bits.read(CODE_BITS)];
  }
}

function bitCount(word: number): number {
  let count = 0;
  for (let rest = word; rest > 0; rest >>= 1) count += rest & 1;
  return count;
}

function concatenate(a: Uint16Array, b: Uint16Array): Uint16Array {
  const both = new Uint16Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
