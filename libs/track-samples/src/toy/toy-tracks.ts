/** Synthetic tracks with the branches of the tracking ntuple, to try everything without data. */
import { createGenerator } from '@hep/datasets/random';
import type { Generator } from '@hep/datasets/random';
import type { Column, ColumnTable, FlatColumn } from '@hep/datasets/columns';
import { TRACK_BRANCHES } from '../tables/branches.ts';
import { toyTrack } from './toy-track.ts';

/** What is generated. */
export interface ToyOptions {
  readonly tracks: number;
  readonly seed: number;
  /** Number of the first event, for samples that do not overlap; default 1. */
  readonly firstEvent?: number;
}

/** Mean number of tracks of an event. */
const TRACKS_IN_EVENT = 25;

/**
 * Flat table of tracks: `event` (int32) and the 37 branches (float32), events of 25 tracks on average, the last one cut
 * off. Each event depends on (seed, event) alone. Not tuned to data.
 */
export function generateToyTracks({ tracks, seed, firstEvent = 1 }: ToyOptions): ColumnTable {
  const events = new Int32Array(tracks);
  const branches = TRACK_BRANCHES.map((name) => ({ name, values: new Float32Array(tracks) }));
  const generator = createGenerator(seed);
  let row = 0;
  for (let event = firstEvent; row < tracks; event++) {
    generator.reset(seed, event);
    const end = Math.min(tracks, row + Math.max(1, generator.poisson(TRACKS_IN_EVENT)));
    for (; row < end; row++) {
      events[row] = event;
      fill(branches, row, generator);
    }
  }
  const columns = branches.map(({ name, values }): [string, FlatColumn] => [name, { kind: 'flat', values }]);
  return { rows: tracks, columns: new Map([['event', { kind: 'flat', values: events }], ...columns]) };
}

function fill(
  branches: readonly { readonly name: (typeof TRACK_BRANCHES)[number]; readonly values: Float32Array }[],
  row: number,
  generator: Generator,
): void {
  const track = toyTrack(generator);
  for (const { name, values } of branches) values[row] = track[name];
}

/** The same as the ntuple has it: one row for each event, `event` a number, every branch a vector over its tracks. */
export function nestedByEvent({ columns }: ColumnTable): ColumnTable {
  const events = (columns.get('event') as FlatColumn).values as Int32Array;
  const starts = Array.from(events.keys()).filter((row) => row === 0 || events[row] !== events[row - 1]);
  const offsets = Uint32Array.from([...starts, events.length]);
  const numbers: FlatColumn = { kind: 'flat', values: Int32Array.from(starts, (row) => events[row]) };
  const nested = new Map<string, Column>([['event', numbers]]);
  for (const [name, content] of columns) {
    if (name !== 'event') nested.set(name, { kind: 'jagged', offsets, content });
  }
  return { rows: starts.length, columns: nested };
}
