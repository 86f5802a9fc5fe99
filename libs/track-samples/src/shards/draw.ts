/** Which tracks of shards take part, with exact counts, before any of them is read. */
import { createGenerator } from '@hep/datasets/random';
import type { Generator } from '@hep/datasets/random';
import { UserError } from '@hep/options/user-error';
import { joinExtremes, PHASE1_ITERATIONS, rangesOfExtremes } from '@hep/track-dnn/variables';
import type { FeatureRanges } from '@hep/track-dnn/variables';
import type { AbsentIterations } from '../balancing/balance.ts';
import { requirePresent } from '../balancing/balance.ts';
import type { SplitPart } from '../balancing/split.ts';
import type { TrackShard, TrackShards } from './manifest.ts';
import { pilesOf, redraw, tracksIn } from './piles.ts';
import type { Pile } from './piles.ts';

/** What is drawn. */
export interface DrawOptions {
  readonly part: SplitPart;
  /** As many tracks of each iteration. */
  readonly balanceIterations: boolean;
  readonly absentIterations: AbsentIterations;
  /** Repeat tracks of the rarer class until there are as many true ones as fakes; default false. */
  readonly balanceClasses?: boolean;
  /** Tracks of samples before anything is balanced; default: all there are. More than there are repeat. */
  readonly sampleTracks?: ReadonlyMap<string, number>;
  /** Most tracks in all; default: as many as there are. */
  readonly most?: number;
  readonly seed: number;
}

/** Tracks drawn from shards. */
export interface TrackDraw {
  readonly rows: number;
  /** Shards with tracks of the draw. */
  readonly shards: readonly DrawnShard[];
  readonly seed: number;
}

/** Tracks drawn from one shard. */
export interface DrawnShard {
  readonly shard: TrackShard;
  readonly rows: number;
  /** How many of each group: fakes and true tracks of its iterations in turn. Above their number tracks repeat. */
  readonly wanted: readonly number[];
}

/**
 * Plans a draw: tracks of samples, of these as many of each iteration, of these as many true ones as fakes. It follows from
 * lists and seed alone.
 * @throws UserError for a part without tracks or an iteration, and for one of one class only, unless it is the test
 */
export function planDraw({ folder, shards }: TrackShards, options: DrawOptions): TrackDraw {
  const { part, sampleTracks = new Map<string, number>(), most = Infinity, seed } = options;
  const piles = pilesOf(shards.filter((shard) => shard.part === part));
  const generator = createGenerator(seed);
  requireKinds(folder, piles, part, THERE);
  for (const [sample, tracks] of sampleTracks) {
    const own = piles.filter(({ shard }) => shard.sample === sample);
    if (tracks > 0 && tracksIn(own) === 0) {
      throw new UserError(`${folder}: no ${part} tracks of sample ${sample}; prepare files of it`);
    }
    redraw(own, tracks, generator);
  }
  requireKinds(folder, piles, part, DRAWN);
  if (options.balanceIterations) evenIterations(piles, options, generator);
  else if (tracksIn(piles) > most) redraw(piles, most, generator);
  requireKinds(folder, piles, part, DRAWN);
  if (options.balanceClasses) evenClasses(piles, generator);
  return { ...drawnShards(piles), seed };
}

/** As many tracks of each iteration as the rarest one has. */
function evenIterations(
  piles: readonly Pile[],
  { absentIterations, most = Infinity }: DrawOptions,
  generator: Generator,
): void {
  const ofEach = PHASE1_ITERATIONS.map(({ code }) => piles.filter((pile) => pile.code === code));
  const totals = ofEach.map(tracksIn);
  requirePresent(
    PHASE1_ITERATIONS.map(({ name }) => name),
    totals,
    absentIterations,
  );
  const found = totals.filter((tracks) => tracks > 0);
  const each = Math.min(...found, Math.floor(most / found.length));
  ofEach.forEach((own, i) => {
    if (totals[i] > 0) redraw(own, each, generator);
  });
}

/** Repeats tracks of the rarer class until there are as many as of the other one; none is lost. */
function evenClasses(piles: readonly Pile[], generator: Generator): void {
  const classes = [true, false].map((isTrue) => piles.filter((pile) => pile.isTrue === isTrue));
  const [rarer, other] = classes.sort((a, b) => tracksIn(a) - tracksIn(b));
  redraw(rarer, tracksIn(other), generator);
}

/** Piles are in the order of their shards and of the groups of these. */
function drawnShards(piles: readonly Pile[]): Pick<TrackDraw, 'rows' | 'shards'> {
  const wanted = new Map<TrackShard, number[]>();
  for (const { shard, count } of piles) {
    const counts = wanted.get(shard) ?? [];
    counts.push(count);
    wanted.set(shard, counts);
  }
  const shards = [...wanted].map(([shard, counts]) => ({
    shard,
    wanted: counts,
    rows: counts.reduce((sum, count) => sum + count, 0),
  }));
  return { rows: tracksIn(piles), shards: shards.filter(({ rows }) => rows > 0) };
}

/** What a message tells of tracks that a part lacks before any are drawn, and after. */
const THERE = { verb: 'has', advice: 'prepare more files' };
const DRAWN = { verb: 'would have', advice: 'let more tracks of it take part' };

/** Of test tracks one class alone will do, of which the report has no curves. */
function requireKinds(
  folder: string,
  piles: readonly Pile[],
  part: SplitPart,
  { verb, advice }: typeof THERE,
): void {
  const trueTracks = tracksIn(piles.filter(({ isTrue }) => isTrue));
  const fakes = tracksIn(piles) - trueTracks;
  const [isEnough, expected] =
    part === 'test' ? [fakes + trueTracks > 0, 'some'] : [fakes > 0 && trueTracks > 0, 'both'];
  if (isEnough) return;
  throw new UserError(
    `${folder}: ${part} ${verb} ${trueTracks} true tracks and ${fakes} fakes, expected ${expected}; ${advice}`,
  );
}

/** Tracks that each sample has in each part. */
export function tracksOfSamples({ shards }: TrackShards): Map<string, Record<SplitPart, number>> {
  const samples = new Map<string, Record<SplitPart, number>>();
  for (const { sample, part, rows } of shards) {
    const tracks = samples.get(sample) ?? { train: 0, validation: 0, test: 0 };
    tracks[part] += rows;
    samples.set(sample, tracks);
  }
  return samples;
}

/** Ranges of the features over all tracks of a part. */
export function rangesOfPart({ settings, shards }: TrackShards, part: SplitPart): FeatureRanges {
  const own = shards.filter((shard) => shard.part === part);
  return rangesOfExtremes(joinExtremes(own.map(({ extremes }) => extremes)), settings.features);
}
