/** Output buffer: frames of varying length in, the same number of words per crossing out. */
import { MAX_ELINKS } from '@hep/hgcal-geometry';
import { expectELinks, FRAME_WORDS, idleWord } from './frames/frames.ts';
import type { Frames } from './frames/frames.ts';

/** When the buffer sends truncated frames, in 16-bit words. */
export interface BufferThresholds {
  /** A frame that would fill the buffer beyond this is truncated (T1). */
  readonly full: number;
  /** Beyond this, short frames are truncated (T2). */
  readonly nearlyFull: number;
  /** Frames up to this length are short (T3). */
  readonly shortFrame: number;
}

/** What the buffer did with a frame: cut it because there was no room, cut a short one, or stored it. */
export const bufferActions = { cutFull: 1, cutShort: 2, storedNearlyFull: 3, stored: 4 } as const;

/** What left the buffer, and what it did with each frame. */
export interface BufferOutput {
  /** Words on the links, [crossings, 13]; links that are not in use hold 0. */
  readonly links: Uint32Array;
  /** Words in the buffer before each frame, [crossings]. */
  readonly occupancies: Uint16Array;
  /** {@link bufferActions}, [crossings]. */
  readonly actions: Uint8Array;
}

/**
 * Thresholds of the chip's emulator by default: 24 words per eLink, 25 less, 25. On one eLink the second would be
 * negative and every frame cut, so it is 0 there.
 */
export function bufferThresholds(eLinks: number): BufferThresholds {
  return { full: 24 * eLinks, nearlyFull: Math.max(0, 24 * eLinks - 25), shortFrame: 25 };
}

/** Most words of a buffer: far more than the chip has, and occupancies fit 16 bits. */
export const LARGEST_BUFFER = 2 ** 15;

const TRUNCATION_BIT = 1 << 8;

/** The buffer of one chip; goes on from block to block. */
export class TxBuffer {
  private readonly words: Uint16Array;
  private readonly wordsOut: number;
  private occupancy = 0;
  private filler = idleWord(0);

  /** @throws RangeError unless there are 1 to 13 eLinks and the buffer holds 1 to {@link LARGEST_BUFFER} words */
  constructor(
    private readonly eLinks: number,
    private readonly thresholds: BufferThresholds = bufferThresholds(eLinks),
  ) {
    expectELinks(eLinks);
    const { full } = thresholds;
    if (!Number.isInteger(full) || full < 1 || full > LARGEST_BUFFER) {
      throw new RangeError(`buffer of ${full} words; expected 1 to ${LARGEST_BUFFER}`);
    }
    this.wordsOut = 2 * eLinks;
    this.words = new Uint16Array(full + FRAME_WORDS + this.wordsOut).fill(this.filler);
  }

  /** Takes the frames of a block and gives the words of as many crossings. */
  process({ words, counts, truncated, idle }: Frames): BufferOutput {
    const crossings = counts.length;
    const links = new Uint32Array(crossings * MAX_ELINKS);
    const occupancies = new Uint16Array(crossings);
    const actions = new Uint8Array(crossings);
    for (let row = 0; row < crossings; row++) {
      const action = this.actionFor(counts[row]);
      occupancies[row] = this.occupancy;
      actions[row] = action;
      if (action === bufferActions.cutFull || action === bufferActions.cutShort) {
        const first = truncated[2 * row] & ~TRUNCATION_BIT;
        this.words[this.occupancy] = action === bufferActions.cutShort ? first | TRUNCATION_BIT : first;
        this.words[this.occupancy + 1] = truncated[2 * row + 1];
        this.occupancy += 1;
      } else {
        this.words.set(words.subarray(row * FRAME_WORDS, (row + 1) * FRAME_WORDS), this.occupancy);
        this.occupancy += counts[row];
      }
      this.send(links, row);
    }
    if (crossings > 0) this.filler = idle[crossings - 1];
    return { links, occupancies, actions };
  }

  /** Empties the buffer: link words of as many crossings as it takes, [crossings, 13]. */
  drain(): Uint32Array {
    const links = new Uint32Array(Math.ceil(this.occupancy / this.wordsOut) * MAX_ELINKS);
    this.words.fill(this.filler, this.occupancy);
    for (let row = 0; row * MAX_ELINKS < links.length; row++) this.send(links, row);
    return links;
  }

  private actionFor(count: number): number {
    const { full, nearlyFull, shortFrame } = this.thresholds;
    if (this.occupancy + count > full) return bufferActions.cutFull;
    if (this.occupancy <= nearlyFull) return bufferActions.stored;
    return count <= shortFrame ? bufferActions.cutShort : bufferActions.storedNearlyFull;
  }

  private send(links: Uint32Array, row: number): void {
    for (let link = 0; link < this.eLinks; link++) {
      links[row * MAX_ELINKS + link] = (this.words[2 * link] << 16) | this.words[2 * link + 1];
    }
    this.words.copyWithin(0, this.wordsOut);
    this.occupancy = Math.max(0, this.occupancy - this.wordsOut);
  }
}
