/** A growing list of indices in a typed array. */
export class IndexList {
  private values: Int32Array = new Int32Array(64);
  private used = 0;

  push(value: number): void {
    if (this.used === this.values.length) {
      const larger = new Int32Array(2 * this.used);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.used++] = value;
  }

  /** The indices pushed so far; valid until the next push. */
  view(): Int32Array {
    return this.values.subarray(0, this.used);
  }
}
