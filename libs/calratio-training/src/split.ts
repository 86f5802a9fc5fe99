/** Which jets of a table train, validate and test. */
import { createGenerator } from '@hep/datasets';

/** Row numbers of the three parts. */
export interface JetSplit {
  readonly train: Int32Array;
  readonly validation: Int32Array;
  readonly test: Int32Array;
}

/** How a table is split. */
export interface SplitOptions {
  /** Event of each row, counted from 0; rows of one event stay together. Without it every row is for itself. */
  readonly events?: Int32Array | null;
  /** Part of the rows that is used, 0 to 1. */
  readonly fraction: number;
  readonly seed: number;
  /** Independent stream of the seed, one for each table. */
  readonly stream: number;
}

const HELD_OUT = 0.1;

/**
 * Draws the rows of a run: a random part of the table, of which 90 % train, 5 % validate and 5 % test, all in random
 * order. Rows of one event, such as a jet that two particles were matched to, are on one side, so that parts may miss
 * their size by the rows of an event.
 */
export function splitJets(rows: number, { events = null, fraction, seed, stream }: SplitOptions): JetSplit {
  const { order, isLast } = shuffledEvents(rows, events, seed, stream);
  const endOfEvent = (position: number) => {
    let end = Math.max(0, position);
    while (end > 0 && end < rows && !isLast[end - 1]) end++;
    return end;
  };
  const used = endOfEvent(Math.round(fraction * rows));
  const held = Math.ceil(HELD_OUT * used);
  const train = endOfEvent(used - held);
  const test = endOfEvent(train + Math.floor((used - train) / 2));
  return {
    train: order.slice(0, train),
    test: order.slice(train, Math.min(test, used)),
    validation: order.slice(Math.min(test, used), used),
  };
}

/** Rows with the events in random order; which of them are the last of their event. */
function shuffledEvents(rows: number, events: Int32Array | null, seed: number, stream: number) {
  const generator = createGenerator(seed, stream);
  const isLast = new Uint8Array(rows).fill(1);
  if (events === null) return { order: generator.permutation(rows) as Int32Array, isLast };
  const place = generator.permutation(events.reduce((most, event) => Math.max(most, event + 1), 0));
  const order = Int32Array.from({ length: rows }, (_, row) => row);
  order.sort((a, b) => place[events[a]] - place[events[b]] || a - b);
  for (let i = 0; i + 1 < rows; i++) isLast[i] = events[order[i]] === events[order[i + 1]] ? 0 : 1;
  return { order, isLast };
}
