/** Tracks that train: in memory, or read from shards meanwhile. */
import type { Dataset, Trainer } from '@hep/engine';
import { measureRanges, momentumWeights, TRACK_INPUTS } from '@hep/track-dnn';
import type { FeatureRanges, TrackFeature } from '@hep/track-dnn';
import type { TrackTable } from '@hep/track-samples';

/** Name of the data set that the engine trains on. */
export const TRAINING_DATASET = 'train';

/** Tracks that train, as an engine takes them. */
export interface TrainingTracks {
  /** Tracks of an epoch. */
  readonly rows: number;
  readonly ranges: FeatureRanges;
  /** What the engine holds. */
  readonly dataset: Dataset;
  /** The trainer with this data. */
  feed(trainer: Trainer): Trainer;
  /** What reading cost; null where nothing was read. */
  summary(): string | null;
}

/** Columns of a track that trains, in the names and shapes of the program. */
export const trainingRowShapes = (features: number) => ({
  [TRACK_INPUTS.features]: [features],
  [TRACK_INPUTS.iteration]: [1],
  target: [1],
  sampleWeight: [],
});

/** Tracks that are all in memory. @param ptWeights weigh them by pT */
export function tracksInMemory(
  table: TrackTable,
  { features, ptWeights }: { readonly features: readonly TrackFeature[]; readonly ptWeights: boolean },
): TrainingTracks {
  return {
    rows: table.rows,
    ranges: measureRanges(table.features, features),
    dataset: trackDataset(table, ptWeights),
    feed: (trainer) => trainer,
    summary: () => null,
  };
}

/** The tracks as columns. @param weighted by pT */
export function trackDataset(table: TrackTable, weighted: boolean): Dataset {
  const values = trackColumns(table, weighted);
  const columns = Object.entries(trainingRowShapes(table.width)).map(([name, rowShape]) => [
    name,
    { rowShape, values: values[name as keyof typeof values] },
  ]);
  return { rows: table.rows, columns: Object.fromEntries(columns) };
}

/** Numbers of the columns. */
export function trackColumns(
  table: TrackTable,
  weighted: boolean,
): Record<keyof ReturnType<typeof trainingRowShapes>, Float32Array> {
  const { rows, features, pt, iterations, isTrue } = table;
  return {
    [TRACK_INPUTS.features]: features,
    [TRACK_INPUTS.iteration]: Float32Array.from(iterations),
    target: Float32Array.from(isTrue),
    sampleWeight: weighted ? momentumWeights(pt) : new Float32Array(rows).fill(1),
  };
}
