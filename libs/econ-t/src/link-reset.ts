/** Link resets: for 256 crossings the chip sends the idle pattern. */

/** Crossings that a reset lasts. */
const RESET_CROSSINGS = 256;
/** Crossings that a reset of the front-end chips lasts, that of the command included. */
const FRONT_END_CROSSINGS = 325;

/**
 * First crossing of a reset after the one with its command, by algorithm: longer latencies see it earlier in their
 * data, best choice even in the crossing before.
 */
export const resetDelays = {
  'threshold-sum': 1,
  'super-trigger-cells': 1,
  'best-choice': -1,
  repeater: 1,
  autoencoder: 0,
} as const;

/** Follows link resets block by block. */
export class LinkReset {
  private remaining = 0;
  private previousCommand: number | undefined;

  /** @param delay from {@link resetDelays} */
  constructor(private readonly delay: number) {}

  /**
   * 1 in the crossings of a block whose data a reset replaces.
   * @param commands 1 where a reset is commanded, [crossings]
   * @param nextCommand the command of the crossing behind the block
   */
  resets(commands: ArrayLike<number>, nextCommand = 0): Uint8Array {
    const rows = commands.length;
    const commandAt = (row: number) =>
      row < 0 ? this.previousCommand : row === rows ? nextCommand : commands[row];
    const isStart = this.previousCommand === undefined;
    if (isStart && this.delay < 0 && commands[0]) this.remaining = RESET_CROSSINGS - 1;
    const resets = Uint8Array.from({ length: rows }, (_, row) => {
      if (commandAt(row - this.delay)) this.remaining = RESET_CROSSINGS;
      return this.remaining-- > 0 ? 1 : 0;
    });
    if (rows > 0) this.previousCommand = commands[rows - 1];
    return resets;
  }
}

/** Follows resets of the front-end chips (FASTCMD_LINKRESETROCT): charges of the crossings after a command are zero. */
export class FrontEndReset {
  private remaining = 0;

  /** 1 in the crossings of a block without charges. */
  resets(commands: ArrayLike<number>): Uint8Array {
    return Uint8Array.from({ length: commands.length }, (_, row) => {
      if (commands[row]) this.remaining = FRONT_END_CROSSINGS;
      return this.remaining-- > 0 ? 1 : 0;
    });
  }
}
