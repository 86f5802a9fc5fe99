/** Names of unnamed layers as Keras gives them: `conv2d`, `conv2d_1`, ... */
export class LayerNames {
  private readonly used = new Map<string, number>();

  /** The next free name of a kind. */
  next(kind: string): string {
    const count = this.used.get(kind) ?? 0;
    this.used.set(kind, count + 1);
    return count === 0 ? kind : `${kind}_${count}`;
  }
}
