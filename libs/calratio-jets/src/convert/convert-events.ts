import type { ColumnTable, FlatColumn, Numbers } from '@hep/datasets/columns';
import { OBJECT_KINDS } from '../jet-columns.ts';
import type { DataType } from './branches.ts';
import { LABELS } from './branches.ts';
import type { Collection, Events, PlainNumbers } from './events.ts';
import type { EventLayout, Field } from './layout.ts';
import { membersOf } from './members.ts';
import { gathered, gatheredRelative, ofFirst, picked, placesOf } from './pick.ts';
import type { JetCuts, SelectedJets } from './select-jets.ts';
import { selectJets } from './select-jets.ts';

/** How events become rows. */
export interface RowSettings extends JetCuts {
  readonly dataType: DataType;
  /** Masses in GeV of the heavy scalar and of the long-lived one, written to every row. */
  readonly mHGeV: number;
  readonly mSGeV: number;
}

/** Particle columns of data without particles, spelt as the reference does. */
const NO_PARTICLE = ['llp_pT', 'llp_eta', 'llp_phi', 'llp_Lxy', 'llp_Lz'];

/** Features that are relative to something; they come behind the others of their kind. */
const RELATIVE: Readonly<Record<string, Readonly<Record<string, 'eta' | 'phi'>>>> = {
  clus: { eta: 'eta', phi: 'phi' },
  track: { eta: 'eta', phi: 'phi' },
  MSeg: { etaPos: 'eta', phiPos: 'phi', phiDir: 'phi' },
};

/** Rows of a table; one has 6.5 kB. */
const ROWS_PER_TABLE = 10_000;

/**
 * One row for each selected jet, in tables of 10 000 rows, or one without rows: label and masses, numbers of event and
 * jet, then 20 tracks, 30 clusters and 30 muon segments, absent ones and missing numbers as zero. Angles of clusters are
 * relative to the leading one, those of tracks and muon segments to the jet (`MSeg_etaDir` is as in the file).
 */
export function* convertEvents(
  events: Events,
  layout: EventLayout,
  settings: RowSettings,
): Generator<ColumnTable> {
  const selected = selectJets(events, settings.dataType, settings);
  let first = 0;
  do {
    const end = first + ROWS_PER_TABLE;
    yield tableOf(events, layout, settings, {
      event: selected.event.subarray(first, end),
      jet: selected.jet.subarray(first, end),
      particle: selected.particle.subarray(first, end),
    });
    first = end;
  } while (first < selected.event.length);
}

function tableOf(
  events: Events,
  layout: EventLayout,
  settings: RowSettings,
  rows: SelectedJets,
): ColumnTable {
  const { dataType } = settings;
  const table = new RowTable(rows.event.length);
  table.add('label', new BigInt64Array(table.rows).fill(BigInt(LABELS[dataType])));
  table.add('llp_mS', new Float64Array(table.rows).fill(settings.mSGeV));
  table.add('llp_mH', new Float64Array(table.rows).fill(settings.mHGeV));
  if (dataType !== 'sig') for (const name of NO_PARTICLE) table.add(name, new Float64Array(table.rows));
  for (const { feature } of layout.event) {
    const isUnit = feature === 'mcEventWeight' && dataType !== 'qcd';
    table.add(feature, isUnit ? unitWeights(table.rows) : picked(events.numbers.get(feature)!, rows.event));
  }
  addObject(table, events.collection('jet'), 'jet', layout.jet, rows.jet);
  for (const prefix of ['track', 'clus', 'MSeg'] as const) addObjects(table, events, rows, layout, prefix);
  if (dataType === 'sig') addObject(table, events.collection('llp'), 'llp', layout.llp, rows.particle);
  if (dataType !== 'qcd' && !table.columns.has('mcEventWeight')) {
    table.add('mcEventWeight', unitWeights(table.rows));
  }
  return table;
}

class RowTable implements ColumnTable {
  readonly columns = new Map<string, FlatColumn>();

  constructor(readonly rows: number) {}

  add(name: string, values: Numbers): void {
    this.columns.set(name, { kind: 'flat', values });
  }
}

function unitWeights(rows: number): BigInt64Array {
  return new BigInt64Array(rows).fill(1n);
}

/** Columns of one object in each row. */
function addObject(
  table: RowTable,
  { features }: Collection,
  prefix: string,
  fields: readonly Field[],
  chosen: Int32Array,
): void {
  for (const { feature } of fields) {
    if (feature !== 'jetIndex') table.add(`${prefix}_${feature}`, picked(features.get(feature)!, chosen));
  }
}

/** Columns of all objects of a kind. */
function addObjects(
  table: RowTable,
  events: Events,
  rows: SelectedJets,
  layout: EventLayout,
  prefix: 'clus' | 'track' | 'MSeg',
): void {
  const objects = events.collection(prefix);
  const { count: limit } = OBJECT_KINDS.find((kind) => kind.prefix === prefix)!;
  const found = membersOf(events, rows, objects, { limit, sortedByPt: prefix !== 'MSeg' });
  const places = placesOf(found);
  const jets = events.collection('jet');
  const relative = RELATIVE[prefix];
  const names = layout[prefix].map(({ feature }) => feature).filter((feature) => feature !== 'jetIndex');
  const ordered = [
    ...names.filter((name) => !(name in relative)),
    ...names.filter((name) => name in relative),
  ];
  const columns = ordered.map((name) => {
    const values = objects.features.get(name)!;
    if (!(name in relative)) return gathered(values, places);
    const angle = relative[name];
    const origin = prefix === 'clus' ? ofFirst(values, found) : picked(jets.features.get(angle)!, rows.jet);
    return gatheredRelative(values as PlainNumbers, places, { origin: origin as PlainNumbers, angle });
  });
  for (let index = 0; index < limit; index++) {
    ordered.forEach((name, at) => table.add(`${prefix}_${name}_${index}`, columns[at][index]));
  }
}
