/** Synthetic tracks with the branches of the tracking ntuple, to try everything without data. */
import { createGenerator } from '@hep/datasets/random';
import type { Column, ColumnTable, FlatColumn } from '@hep/datasets/columns';
import { TRACK_BRANCHES } from '../tables/branches.ts';
import { drawToyTrack } from './toy-track.ts';
import type { ToyColumns } from './toy-track.ts';

/** What is generated. */
export interface ToyOptions {
  readonly tracks: number;
  readonly seed: number;
  /** Number of the first event, for samples that do not overlap; default 1. */
  readonly firstEvent?: number;
}

/** Mean number of tracks of an event. */
const TRACKS_IN_EVENT = 25;
/** More than any event has. */
const MOST_IN_EVENT = 200;
/** Tracks of a table when they come in several. */
const TABLE_TRACKS = 2 ** 17;

/**
 * Flat table of tracks: `event` (int32) and the 37 branches (float32), events of 25 tracks on average, the last one cut
 * off. Each event depends on (seed, event) alone. Not tuned to data.
 */
export function generateToyTracks(options: ToyOptions): ColumnTable {
  const [table] = toyTables(options, options.tracks);
  return table;
}

/** The same tracks in tables of about a hundred thousand, made as they are taken; no event is in two of them. */
export function* toyTables(
  { tracks, seed, firstEvent = 1 }: ToyOptions,
  tableTracks = TABLE_TRACKS,
): Generator<ColumnTable> {
  const generator = createGenerator(seed);
  let event = firstEvent;
  for (let left = tracks; left > 0;) {
    const table = newTable(Math.min(left, tableTracks + (left > tableTracks ? MOST_IN_EVENT : 0)));
    let row = 0;
    for (; row < Math.min(left, tableTracks); event++) {
      generator.reset(seed, event);
      const end = Math.min(left, row + Math.max(1, generator.poisson(TRACKS_IN_EVENT)));
      for (; row < end; row++) {
        table.events[row] = event;
        drawToyTrack(table.branches, row, generator);
      }
    }
    left -= row;
    yield columnTable(table, row);
  }
}

interface ToyTable {
  readonly events: Int32Array;
  readonly branches: ToyColumns;
}

function newTable(rows: number): ToyTable {
  const branches = TRACK_BRANCHES.map((name) => [name, new Float32Array(rows)] as const);
  return { events: new Int32Array(rows), branches: Object.fromEntries(branches) as ToyColumns };
}

function columnTable({ events, branches }: ToyTable, rows: number): ColumnTable {
  const columns = Object.entries(branches).map(([name, values]): [string, FlatColumn] => [
    name,
    { kind: 'flat', values: values.subarray(0, rows) },
  ]);
  const numbers: FlatColumn = { kind: 'flat', values: events.subarray(0, rows) };
  return { rows, columns: new Map([['event', numbers], ...columns]) };
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
