/** The conversion once more, object by object from the specification, to compare the fast one with. */
import { deltaR, wrapAngle } from '../angles.ts';
import type { DataType } from '../convert/branches.ts';
import type { EventRecord, ObjectRecord } from './event-records.ts';

/** A row by column; columns that are missing are zero. */
export type PlainRow = Record<string, number>;

const of = (record: ObjectRecord, feature: string) => (record[feature] as number | undefined) ?? 0;
const absolute = (record: ObjectRecord, feature: string) => Math.abs(of(record, feature));
const lists = (record: ObjectRecord) => (record.jetIndex as readonly number[] | undefined) ?? [];

/** Rows of an event. */
export function rowsOf(event: EventRecord, dataType: DataType, [min, max]: [number, number]): PlainRow[] {
  const jets = (event.jet ?? []).map((jet, index) => ({ jet, index }));
  const good = jets
    .filter(({ jet }) => of(jet, 'pt') >= min && of(jet, 'pt') < max && absolute(jet, 'eta') <= 2.5)
    .sort((a, b) => of(b.jet, 'pt') - of(a.jet, 'pt'));
  if (good.length === 0) return [];
  const nearest = (to: ObjectRecord) => {
    const distances = good.map(({ jet }) =>
      deltaR(of(jet, 'eta'), of(jet, 'phi'), of(to, 'eta'), of(to, 'phi')),
    );
    const least = Math.min(...distances);
    return { ...good[distances.indexOf(least)], distance: least, particle: to };
  };
  if (dataType === 'qcd') return good.map(({ jet, index }) => rowOf(event, jet, index));
  if (dataType === 'bib') {
    const marked = (event.HLT_jet ?? []).filter((jet) => jet.isBIB === 1).map(nearest);
    return marked.map(({ jet, index }) => rowOf(event, jet, index));
  }
  const accepted = (event.llp ?? []).filter((particle) =>
    absolute(particle, 'eta') < 1.4
      ? of(particle, 'Lxy') > 1200 && of(particle, 'Lxy') < 4000
      : absolute(particle, 'eta') > 1.4 && absolute(particle, 'Lz') > 3500 && absolute(particle, 'Lz') < 6000,
  );
  return accepted
    .map(nearest)
    .filter(({ distance }) => distance <= 0.4)
    .map(({ jet, index, particle }) => ({ ...rowOf(event, jet, index), ...prefixed('llp', particle) }));
}

function rowOf(event: EventRecord, jet: ObjectRecord, index: number): PlainRow {
  const byPt = (a: ObjectRecord, b: ObjectRecord) => of(b, 'pt') - of(a, 'pt');
  const clusters = (event.clus ?? []).filter(({ jetIndex }) => jetIndex === index).sort(byPt);
  const tracks = (event.track ?? []).filter((track) => lists(track).includes(index)).sort(byPt);
  const segments = (event.MSeg ?? []).filter((segment) => lists(segment).includes(index));
  const turned = (angle: number, origin: ObjectRecord) => wrapAngle(angle - of(origin, 'phi'));
  const relative = (object: ObjectRecord, to: ObjectRecord) => ({
    ...object,
    eta: of(object, 'eta') - of(to, 'eta'),
    phi: turned(of(object, 'phi'), to),
  });
  return {
    ...prefixed('jet', jet),
    ...numbered(
      'clus',
      clusters.slice(0, 30).map((cluster) => relative(cluster, clusters[0])),
    ),
    ...numbered(
      'track',
      tracks.slice(0, 20).map((track) => relative(track, jet)),
    ),
    ...numbered(
      'MSeg',
      segments.slice(0, 30).map((segment) => ({
        ...segment,
        etaPos: of(segment, 'etaPos') - of(jet, 'eta'),
        phiPos: turned(of(segment, 'phiPos'), jet),
        phiDir: turned(of(segment, 'phiDir'), jet),
      })),
    ),
  };
}

function numbered(prefix: string, objects: readonly ObjectRecord[]): PlainRow {
  return Object.assign(
    {},
    ...objects.map((object, index) => prefixed(prefix, object, `_${index}`)),
  ) as PlainRow;
}

function prefixed(prefix: string, object: ObjectRecord, suffix = ''): PlainRow {
  const features = Object.keys(object).filter((feature) => feature !== 'jetIndex');
  return Object.fromEntries(
    features.map((feature) => [`${prefix}_${feature}${suffix}`, of(object, feature) || 0]),
  );
}
