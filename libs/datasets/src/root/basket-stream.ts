/** The baskets of a branch in order, read and decompressed ahead in Node's threads. */
import type { RowRange } from '../columns/column.ts';
import { readBasket } from './basket.ts';
import type { BasketContent } from './basket.ts';
import type { BasketPlace, Branch } from './branch.ts';
import { atPlace, Damage } from './damage.ts';
import type { RandomAccessFile } from './random-access-file.ts';

/** Baskets in work at a time: enough for the threads that decompress. */
const BASKETS_AHEAD = 4;
/** Growth of the buffers above what is asked for, so that baskets of about the same size share them. */
const SPARE = 1.25;

/** Entries [first, end) of `basket` are wanted; they become the rows from `row` on. Valid during the visit. */
export interface WantedBasket {
  readonly basket: BasketContent;
  readonly first: number;
  readonly end: number;
  readonly row: number;
}

/** Buffers for records of the file, used again and again: new ones cost more than what is done with them. */
export class RecordBuffers {
  private readonly buffers: Buffer[] = [];

  /** A buffer of `bytes` or more; one for each `slot` below BASKETS_AHEAD. */
  get(slot: number, bytes: number): Buffer {
    const known = this.buffers[slot];
    if (known !== undefined && known.length >= bytes) return known;
    return (this.buffers[slot] = Buffer.allocUnsafeSlow(Math.ceil(bytes * SPARE)));
  }
}

/**
 * Hands the baskets with rows of `range` to `visit`, in order.
 * @throws UserError with `place` and the entries of a damaged basket
 */
export async function visitBaskets(
  file: RandomAccessFile,
  place: string,
  branch: Branch,
  range: RowRange,
  buffers: RecordBuffers,
  visit: (wanted: WantedBasket) => void,
): Promise<void> {
  const places = branch.baskets().filter(({ first, end }) => first < range.end && end > range.first);
  const ahead: Promise<BasketContent>[] = [];
  for (let i = 0, started = 0; i < places.length; i++) {
    for (; started < places.length && started < i + BASKETS_AHEAD; started++) {
      const content = load(file, place, places[started], buffers, started % BASKETS_AHEAD);
      content.catch(() => undefined); // told when its turn comes
      ahead.push(content);
    }
    const { first, end } = places[i];
    const from = Math.max(first, range.first);
    const basket = await ahead.shift()!;
    const wanted = {
      basket,
      first: from - first,
      end: Math.min(end, range.end) - first,
      row: from - range.first,
    };
    await atPlace(entriesOf(place, places[i]), () => visit(wanted));
  }
}

function entriesOf(place: string, { first, end }: BasketPlace): string {
  return `${place}, entries ${first} to ${end - 1}`;
}

/** Reads one basket into the buffer of its slot. */
function load(
  file: RandomAccessFile,
  place: string,
  basket: BasketPlace,
  buffers: RecordBuffers,
  slot: number,
): Promise<BasketContent> {
  const { first, end, position, bytes, embedded } = basket;
  const entries = end - first;
  return atPlace(entriesOf(place, basket), async () => {
    if (embedded === undefined) {
      file.check(position, bytes);
      return readBasket(await file.read(position, bytes, buffers.get(slot, bytes)), entries);
    }
    if (embedded.entries === entries) return embedded;
    throw new Damage(`a basket of ${embedded.entries} entries, expected ${entries}`);
  });
}
