/** What becomes a column while items are read. */
import type { Column } from '../../columns/column.ts';
import type { ByteCursor } from '../file/byte-cursor.ts';
import { GrowingNumbers } from './growing-numbers.ts';
import type { ItemType, NumberItem } from './item-type.ts';
import { numberBytes } from './item-type.ts';
import { PackedNumbers } from './packed-numbers.ts';

/** Values of one column inside an item, as many as are read. */
export interface Collector {
  /** Everything that was read. */
  column(): Column;
}

/** Collects numbers, in groups of `width`. */
export class NumbersCollector implements Collector {
  private readonly numbers: GrowingNumbers | PackedNumbers;
  private readonly bytes: number;

  constructor(
    item: NumberItem,
    private readonly width: number,
  ) {
    this.numbers =
      item.packing === undefined
        ? new GrowingNumbers(item.number)
        : new PackedNumbers(item.number, item.packing);
    this.bytes = numberBytes(item);
  }

  /** Takes the next `count` numbers, which must be there. */
  take(cursor: ByteCursor, count: number): void {
    this.numbers.reserve(count * this.bytes, cursor.bytes.length);
    this.numbers.append(cursor.view, cursor.take(count * this.bytes), count * this.bytes);
  }

  column(): Column {
    const { width } = this;
    const values = this.numbers.finish();
    return width === 1 ? { kind: 'flat', values } : { kind: 'fixed', width, values };
  }
}

/** Collects texts. */
export class TextCollector implements Collector {
  readonly values: string[] = [];

  column(): Column {
    return { kind: 'text', values: this.values };
  }
}

/** Collects lists of what `content` collects. */
export class ListCollector implements Collector {
  private readonly offsets = [0];

  constructor(readonly content: Collector) {}

  /** The next list has `count` elements. */
  add(count: number): void {
    this.offsets.push(this.offsets[this.offsets.length - 1] + count);
  }

  column(): Column {
    return { kind: 'jagged', offsets: Uint32Array.from(this.offsets), content: this.content.column() };
  }
}

/** The collector of the column in an item to which `path` leads, member by member. */
export function collectorOf(item: ItemType, path: readonly number[]): Collector {
  switch (item.kind) {
    case 'number':
      return new NumbersCollector(item, 1);
    case 'array':
      if (item.item.kind === 'number') return new NumbersCollector(item.item, item.length);
      return new ListCollector(collectorOf(item.item, path));
    case 'list':
    case 'rest':
    case 'counted':
      return new ListCollector(collectorOf(item.item, path));
    case 'container':
    case 'named':
      return collectorOf(item.item, path);
    case 'record':
      return collectorOf(item.members[path[0]].item, path.slice(1));
    default:
      return new TextCollector();
  }
}
