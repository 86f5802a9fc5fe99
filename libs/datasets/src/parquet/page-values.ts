/** From the bytes of a page to its levels and values. */
import { Damage } from '../damage.ts';
import { bitsOf, isUniform, readLevels } from './levels.ts';
import type { Page } from './pages.ts';
import type { Leaf } from './schema.ts';
import type { Stored } from './values.ts';
import { decodeValues } from './values.ts';

/** Levels of a page; none where every value is there and in no list. */
export interface PageLevels {
  readonly definitions?: Uint8Array;
  readonly repetitions?: Uint8Array;
  /** Values that are there. */
  readonly present: number;
  /** Bytes behind the levels. */
  readonly data: Uint8Array;
}

/** @throws Damage when the page is damaged */
export async function readPageLevels(leaf: Leaf, page: Page): Promise<PageLevels> {
  const { levels, data } = await page.content();
  const { repetition, definition } = page.levelBytes;
  const parts =
    page.kind === 'data2'
      ? {
          repetitions: levels.subarray(0, repetition),
          definitions: levels.subarray(repetition, repetition + definition),
          data,
        }
      : leadingLevels(leaf, data);
  const { values } = page;
  const width = bitsOf(leaf.definition);
  const isSimple = width === 0 || isUniform(parts.definitions, width, values, leaf.definition);
  if (!leaf.isNested && isSimple) return { present: values, data: parts.data };
  const definitions = isSimple
    ? new Uint8Array(values).fill(leaf.definition)
    : readLevels(parts.definitions, width, values);
  return {
    definitions,
    repetitions: leaf.isNested ? readLevels(parts.repetitions, bitsOf(leaf.lists.length), values) : undefined,
    present: isSimple ? values : countOf(definitions, leaf.definition),
    data: parts.data,
  };
}

/** @throws Damage when there are fewer values than the levels say, or they are encoded in a way that is not read */
export function readPageValues(
  leaf: Leaf,
  { encoding }: Page,
  { present, data }: PageLevels,
  dictionary: Stored | undefined,
): Stored {
  return decodeValues(leaf, encoding, data, present, dictionary);
}

/** @throws Damage when it is damaged */
export async function readDictionary(leaf: Leaf, page: Page): Promise<Stored> {
  const { data } = await page.content();
  return decodeValues(leaf, 0, data, page.values, undefined);
}

/** The levels of a page of version 1, each after its length in four bytes. */
function leadingLevels({ lists, definition }: Leaf, data: Uint8Array) {
  let rest = data;
  const next = (isThere: boolean): Uint8Array => {
    if (!isThere) return rest.subarray(0, 0);
    const length = rest.length < 4 ? Infinity : new DataView(rest.buffer, rest.byteOffset).getUint32(0, true);
    if (4 + length > rest.length) throw new Damage('levels longer than their page');
    const part = rest.subarray(4, 4 + length);
    rest = rest.subarray(4 + length);
    return part;
  };
  const repetitions = next(lists.length > 0);
  const definitions = next(definition > 0);
  return { repetitions, definitions, data: rest };
}

function countOf(values: Uint8Array, wanted: number): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (values[i] === wanted) count++;
  return count;
}
