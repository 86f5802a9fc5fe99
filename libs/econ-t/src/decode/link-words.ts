/** Output links as the back end receives them: 32-bit words to 16-bit words, and the sequence of counters. */
import { ORBIT_START } from '../bunch-counter.ts';
import { crossingsOf } from '../channels.ts';
import { expectELinks } from '../frames/frames.ts';

/** Link words that cannot be what the chip sends. */
export class LinkWordError extends Error {
  override readonly name = 'LinkWordError';

  /** @param crossing row of the words, counted over all blocks */
  constructor(
    readonly crossing: number,
    readonly reason: string,
  ) {
    super(`crossing ${crossing}: ${reason}`);
  }
}

/**
 * The 16-bit words of link words [crossings, eLinks], [crossings, 2 * eLinks].
 * @throws RangeError when the last crossing is not whole, or unless there are 1 to 13 eLinks
 */
export function splitOutputWords(links: ArrayLike<number>, eLinks: number): Uint16Array {
  expectELinks(eLinks);
  crossingsOf(links, eLinks, 'link words');
  const words = new Uint16Array(2 * links.length);
  for (let i = 0; i < links.length; i++) {
    words[2 * i] = links[i] >>> 16;
    words[2 * i + 1] = links[i];
  }
  return words;
}

/** Whether a word is filler of the chip: a counter above the idle pattern. */
export function isIdleWord(word: number, syncWord: number): boolean {
  return (word & 0x7ff) === syncWord;
}

/** Checks that counters follow each other. Short counters have the lowest three bits and the mark of crossing 0. */
export class CounterSequence {
  private last: number | null = null;
  private readonly start: number;
  private readonly modulus: number;

  constructor(isShort: boolean) {
    this.start = isShort ? 0b1111 : ORBIT_START;
    this.modulus = isShort ? 8 : 16;
  }

  /** The counter of the last crossing; null before the first. */
  get latest(): number | null {
    return this.last;
  }

  /** @throws LinkWordError when `counter` cannot be that of the next crossing */
  follow(counter: number, crossing: number): void {
    const { last, start, modulus } = this;
    const expected = last === null ? counter : last === start ? 1 : (last + 1) % modulus;
    if ((counter !== expected && counter !== start) || (counter >= modulus && counter !== start)) {
      const wanted = last === null ? `at most ${modulus - 1}, or ${start}` : `${expected} or ${start}`;
      throw new LinkWordError(
        crossing,
        `bunch counter ${counter}, expected ${wanted}: the words are not aligned, or of other eLinks or another algorithm`,
      );
    }
    this.last = counter;
  }
}
