/** The order of tracks within a shard: by iteration and truth, shuffled in a group of these. */
import { ITERATION_CODES } from '@hep/track-dnn/variables';
import type { TrackColumns } from '../tables/track-columns.ts';

/** Where tracks go. */
export interface GroupedPlaces {
  /** Place of each of the rows in the shard. */
  readonly places: Int32Array;
  /** Iterations that are there: code, fakes, true tracks. */
  readonly counts: [code: number, fakes: number, trueTracks: number][];
}

/** @param permutation the order of the rows in which they take their places within their group */
export function placesInGroups(
  { iterations, isTrue }: Pick<TrackColumns, 'iterations' | 'isTrue'>,
  rows: Int32Array,
  permutation: Int32Array,
): GroupedPlaces {
  const groups = new Uint8Array(rows.length);
  putGroups(iterations, isTrue, rows, groups);
  const sizes = new Int32Array(2 * ITERATION_CODES);
  count(groups, sizes);
  const places = new Int32Array(rows.length);
  putPlaces(groups, permutation, firstPlaces(sizes), places);
  return { places, counts: countsOf(sizes) };
}

// Loops of their own: in a longer function each of them would be compiled again when the next one begins.

function putGroups(iterations: Uint8Array, isTrue: Uint8Array, rows: Int32Array, groups: Uint8Array): void {
  for (let i = 0; i < rows.length; i++) groups[i] = 2 * iterations[rows[i]] + isTrue[rows[i]];
}

function count(groups: Uint8Array, sizes: Int32Array): void {
  for (let i = 0; i < groups.length; i++) sizes[groups[i]]++;
}

function putPlaces(groups: Uint8Array, permutation: Int32Array, next: Int32Array, places: Int32Array): void {
  for (let i = 0; i < permutation.length; i++) places[permutation[i]] = next[groups[permutation[i]]]++;
}

function firstPlaces(sizes: Int32Array): Int32Array {
  const places = new Int32Array(sizes.length);
  for (let group = 1; group < places.length; group++) places[group] = places[group - 1] + sizes[group - 1];
  return places;
}

function countsOf(sizes: Int32Array): GroupedPlaces['counts'] {
  return Array.from({ length: ITERATION_CODES }, (_, code) => code)
    .map((code): [number, number, number] => [code, sizes[2 * code], sizes[2 * code + 1]])
    .filter(([, fakes, trueTracks]) => fakes + trueTracks > 0);
}
