/** What the formatter hands to the buffer: for each crossing up to 26 words of 16 bits. */
import { MAX_ELINKS } from '@hep/hgcal-geometry';
import { BitWriter } from './bits.ts';

/** Words of the largest frame. */
export const FRAME_WORDS = 26;
/** Idle pattern of the chip (TxSyncWord), 11 bits. */
export const SYNC_WORD = 0b01100110011;

const COUNTER_SHIFT = 11;

/** Frames of many crossings. */
export interface Frames {
  /** Words of each frame, [crossings, 26]; those behind `counts` are filler. */
  readonly words: Uint16Array;
  /** Valid words of each frame, [crossings]. */
  readonly counts: Uint8Array;
  /** What is sent instead when the buffer is full, [crossings, 2]. */
  readonly truncated: Uint16Array;
  /** Filler, [crossings]. */
  readonly idle: Uint16Array;
  /** 1 in crossings of a link reset, whose data is replaced by the idle pattern, [crossings]. */
  readonly resets: Uint8Array;
}

/** What all formats need to know. */
export interface FrameSettings {
  /** Output links in use, 1..13. */
  readonly eLinks: number;
  /** Bunch crossing counter of each crossing, [crossings]. */
  readonly counters: Uint8Array;
  /** 1 in crossings of a link reset, [crossings]. Default: none. */
  readonly resets?: Uint8Array;
  /** Default {@link SYNC_WORD}. */
  readonly syncWord?: number;
}

/** How one format fills frames. */
export interface FramePlan {
  /** Writes the frame of a crossing into words of zeros; returns the number of valid words. */
  readonly write: (row: number, counter: number, bits: BitWriter) => number;
  /** First word of the truncated frame; for formats of variable length, which are filled with idle words. */
  readonly truncatedWord?: (row: number, counter: number) => number;
}

/** Filler of a crossing: its counter above the idle pattern. */
export function idleWord(counter: number, syncWord = SYNC_WORD): number {
  return (counter << COUNTER_SHIFT) | syncWord;
}

/** Four bits of the counter: the highest and the lowest three. */
export function shortCounter(counter: number): number {
  return ((counter >> 1) & 0b1000) | (counter & 0b111);
}

/**
 * Frames of all crossings.
 * @throws RangeError unless there are 1 to 13 eLinks
 */
export function makeFrames(settings: FrameSettings, plan: FramePlan): Frames {
  const { eLinks, counters, resets = new Uint8Array(counters.length), syncWord } = settings;
  expectELinks(eLinks);
  const crossings = counters.length;
  const words = new Uint16Array(crossings * FRAME_WORDS);
  const counts = new Uint8Array(crossings);
  const truncated = new Uint16Array(2 * crossings);
  const idle = new Uint16Array(crossings);
  const bits = new BitWriter(words);
  for (let row = 0; row < crossings; row++) {
    const start = row * FRAME_WORDS;
    const filler = idleWord(counters[row], syncWord);
    if (resets[row]) {
      idle[row] = filler;
      counts[row] = 2 * eLinks;
      words.fill(filler, start, start + FRAME_WORDS);
      continue;
    }
    bits.seek(start);
    counts[row] = plan.write(row, counters[row], bits);
    if (plan.truncatedWord === undefined) continue;
    idle[row] = filler;
    truncated[2 * row] = plan.truncatedWord(row, counters[row]);
    truncated[2 * row + 1] = filler;
    words.fill(filler, start + counts[row], start + FRAME_WORDS);
  }
  return { words, counts, truncated, idle, resets };
}

/** @throws RangeError unless `eLinks` is an integer 1..13 */
export function expectELinks(eLinks: number): void {
  if (!Number.isInteger(eLinks) || eLinks < 1 || eLinks > MAX_ELINKS) {
    throw new RangeError(`${eLinks} eLinks: expected an integer from 1 to ${MAX_ELINKS}`);
  }
}
