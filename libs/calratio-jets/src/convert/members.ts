import type { Collection, Events, PlainNumbers } from './events.ts';
import type { SelectedJets } from './select-jets.ts';
import { plain } from './select-jets.ts';

/** Objects of the rows' jets: those of row r are the first `counts[r]` of members[limit * r ...]. */
export interface Members {
  readonly limit: number;
  readonly counts: Int32Array;
  /** [rows, limit], positions in the collection. */
  readonly members: Int32Array;
}

/**
 * Finds the objects of each row's jet: by falling pt (equal ones in the order of the file) or, without `sortedByPt`, in
 * the order of the file; the first `limit` of them. Time grows with the number of objects, not with their square.
 */
export function membersOf(
  events: Events,
  rows: SelectedJets,
  objects: Collection,
  { limit, sortedByPt }: { readonly limit: number; readonly sortedByPt: boolean },
): Members {
  const count = rows.event.length;
  const found = { limit, counts: new Int32Array(count), members: new Int32Array(count * limit) };
  const collector = new Collector(found, sortedByPt ? plain(objects, 'pt') : undefined);
  const addObjects = objectAdder(objects);
  const indexOf = jetIndices(events.collection('jet'));
  for (let row = 0; row < count;) {
    const event = rows.event[row];
    collector.start();
    let end = row;
    for (; end < count && rows.event[end] === event; end++)
      collector.claim(indexOf(event, rows.jet[end]), end);
    addObjects(collector, objects.offsets[event], objects.offsets[event + 1]);
    collector.copyToTwins(row, end);
    row = end;
  }
  return found;
}

/** Adds the objects [first, end) to the jets that they name. */
function objectAdder(objects: Collection): (collector: Collector, first: number, end: number) => void {
  if (objects.jetLists === undefined) {
    const jets = plain(objects, 'jetIndex');
    return (collector, first, end) => {
      for (let object = first; object < end; object++) collector.add(jets[object], object);
    };
  }
  const { offsets, jets } = objects.jetLists;
  return (collector, first, end) => {
    for (let object = first; object < end; object++) {
      for (let at = offsets[object]; at < offsets[object + 1]; at++) collector.add(jets[at], object);
    }
  };
}

/** What objects call a jet: its `jetIndex` where there is one, its position in the event before sorting otherwise. */
function jetIndices(jets: Collection): (event: number, jet: number) => number {
  if (!jets.features.has('jetIndex')) return (event, jet) => jet - jets.offsets[event];
  const indices = plain(jets, 'jetIndex');
  return (_, jet) => indices[jet];
}

/** Collects the objects of one event's jets. Rows of one jet share the first of them until `copyToTwins`. */
class Collector {
  private readonly rowOfJet = new Map<number, number>();
  private twins: number[] = [];
  /** Object that a row got last, to tell one that names its jet twice. */
  private readonly last: Int32Array;

  constructor(
    private readonly found: Members,
    private readonly pt: PlainNumbers | undefined,
  ) {
    this.last = new Int32Array(found.counts.length).fill(-1);
  }

  start(): void {
    this.rowOfJet.clear();
    this.twins = [];
  }

  claim(jetIndex: number, row: number): void {
    const first = this.rowOfJet.get(jetIndex);
    if (first === undefined) this.rowOfJet.set(jetIndex, row);
    this.twins.push(first ?? row);
  }

  /** Adds an object to a jet; one that names a jet twice counts once. */
  add(jetIndex: number, object: number): void {
    const row = this.rowOfJet.get(jetIndex);
    if (row === undefined || this.last[row] === object) return;
    this.last[row] = object;
    const { limit, counts, members } = this.found;
    const start = row * limit;
    const end = start + limit;
    let at = start + counts[row];
    if (this.pt !== undefined) {
      const pt = this.sortKey(object);
      for (; at > start && this.sortKey(members[at - 1]) < pt; at--) {
        if (at < end) members[at] = members[at - 1];
      }
    }
    if (at === end) return;
    members[at] = object;
    if (counts[row] < limit) counts[row]++;
  }

  /** pt, a missing one below all others. */
  private sortKey(object: number): number {
    const pt = this.pt![object];
    return pt === pt ? pt : -Infinity;
  }

  /** Gives the rows [first, end) of one event the objects of the row that they share a jet with. */
  copyToTwins(first: number, end: number): void {
    const { limit, counts, members } = this.found;
    for (let row = first; row < end; row++) {
      const twin = this.twins[row - first];
      if (twin === row) continue;
      counts[row] = counts[twin];
      members.copyWithin(row * limit, twin * limit, (twin + 1) * limit);
    }
  }
}
