/** Bit strings in 16-bit words, most significant bit first. */

export const WORD_BITS = 16;

/** Writes numbers of up to 16 bits one after the other. */
export class BitWriter {
  private position = 0;
  private pending = 0;
  private pendingBits = 0;

  constructor(private readonly words: Uint16Array) {}

  /** Goes on at the beginning of a word. */
  seek(word: number): void {
    this.position = word;
    this.pending = 0;
    this.pendingBits = 0;
  }

  /** Appends the lowest `bits` bits of a number. */
  write(value: number, bits: number): void {
    this.pending = (this.pending << bits) | (value & ((1 << bits) - 1));
    this.pendingBits += bits;
    if (this.pendingBits < WORD_BITS) return;
    this.pendingBits -= WORD_BITS;
    this.words[this.position++] = this.pending >>> this.pendingBits;
    this.pending &= (1 << this.pendingBits) - 1;
  }

  /** Fills the word under way with zeros; returns the number of the word behind it. */
  finish(): number {
    if (this.pendingBits > 0) this.write(0, WORD_BITS - this.pendingBits);
    return this.position;
  }
}

/** Reads what {@link BitWriter} wrote. */
export class BitReader {
  private position = 0;
  private pending = 0;
  private pendingBits = 0;

  constructor(private readonly words: Uint16Array) {}

  /** Goes on at the beginning of a word. */
  seek(word: number): void {
    this.position = word;
    this.pending = 0;
    this.pendingBits = 0;
  }

  /** The next `bits` bits, up to 16, as a number. */
  read(bits: number): number {
    if (this.pendingBits < bits) {
      this.pending = (this.pending << WORD_BITS) | this.words[this.position++];
      this.pendingBits += WORD_BITS;
    }
    this.pendingBits -= bits;
    const value = this.pending >>> this.pendingBits;
    this.pending &= (1 << this.pendingBits) - 1;
    return value;
  }
}
