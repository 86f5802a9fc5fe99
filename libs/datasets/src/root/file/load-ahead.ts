/** Records of a file in order, read and decompressed ahead in Node's threads. */
import { Workspace } from '../compression/workspace.ts';

/** Records in work at a time: enough for the threads that decompress. */
const RECORDS_AHEAD = 4;
/** Growth of the buffers above what is asked for, so that records of about the same size share them. */
const SPARE = 1.25;

/** Buffers for records of the file, used again and again: new ones cost more than what is done with them. */
export class RecordBuffers {
  /** Records in work at a time. */
  readonly ahead: number;
  private readonly stored: Buffer[] = [];
  private readonly workspaces: Workspace[] = [];

  /** @param inThisThread whether the calling thread does all work itself, one record after the other */
  constructor(private readonly inThisThread: boolean) {
    this.ahead = inThisThread ? 1 : RECORDS_AHEAD;
  }

  /** Room of a slot for `bytes` of the file. */
  forStored(slot: number, bytes: number): Buffer {
    const { stored } = this;
    if (!(stored[slot]?.length >= bytes)) stored[slot] = Buffer.allocUnsafeSlow(Math.ceil(bytes * SPARE));
    return stored[slot].subarray(0, bytes);
  }

  /** Where a record of a slot is decompressed. */
  forPlain(slot: number): Workspace {
    return (this.workspaces[slot] ??= new Workspace(this.inThisThread));
  }
}

/** Buffers that stay with a file from one call to the next; calls at the same time get others. */
export class IdleBuffers {
  private readonly idle: RecordBuffers[] = [];

  /** @param inThisThread see `RecordBuffers` */
  constructor(private readonly inThisThread: boolean) {}

  /** What `action` makes with buffers that nobody else uses meanwhile. Records may still come in behind an error. */
  async use<T>(action: (buffers: RecordBuffers) => Promise<T>): Promise<T> {
    const buffers = this.idle.pop() ?? new RecordBuffers(this.inThisThread);
    const made = await action(buffers);
    this.idle.push(buffers);
    return made;
  }
}

/**
 * Hands what `load` makes of the items to `use`, in order, while the next ones are loading. A slot, which names buffers
 * of `RecordBuffers`, is free again after `use`.
 */
export async function loadAhead<Item, Loaded>(
  items: readonly Item[],
  { ahead: most }: RecordBuffers,
  load: (item: Item, slot: number) => Promise<Loaded>,
  use: (loaded: Loaded, item: Item) => Promise<void> | void,
): Promise<void> {
  const ahead: Promise<Loaded>[] = [];
  for (let i = 0, started = 0; i < items.length; i++) {
    for (; started < items.length && started < i + most; started++) {
      const loading = load(items[started], started % most);
      loading.catch(() => undefined); // told when its turn comes
      ahead.push(loading);
    }
    await use(await ahead.shift()!, items[i]);
  }
}
