/** What a folder of prepared tracks holds. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '@hep/options';
import { featureDifference } from '@hep/track-dnn';
import type { TrackFeature } from '@hep/track-dnn';
import { z } from 'zod';

/** Name of the file that lists all shards; it is there when all inputs are prepared. */
export const MANIFEST = 'manifest.json';

const settingsSchema = z.object({
  features: z.array(z.object({ name: z.string(), abs: z.boolean(), log1p: z.boolean() })).min(1),
  shardRows: z.int().min(1),
  splitSeed: z.int(),
  validationFraction: z.number(),
  testFraction: z.number(),
  dropInvalid: z.boolean(),
  tree: z.string().optional(),
});

const shardSchema = z.object({
  // Names of a folder's own files alone, so that no list leads elsewhere.
  file: z.string().regex(/^(train|validation|test)-[0-9a-f]{12}-\d{5}\.columns$/),
  part: z.enum(['train', 'validation', 'test']),
  rows: z.int().min(1),
  bytes: z.int().min(1),
  checksum: z.int().min(0),
  /** Tracks of each iteration: code, fakes, true tracks. */
  counts: z.array(z.tuple([z.int(), z.int().min(0), z.int().min(0)])),
  /** Smallest and largest value of each feature after its transform. */
  minimum: z.array(z.number()),
  maximum: z.array(z.number()),
});

const fileSchema = z.object({
  settings: settingsSchema,
  source: z.object({ path: z.string(), bytes: z.number(), modified: z.number() }),
  tracks: z.int().min(0),
  dropped: z.int().min(0),
  shards: z.array(shardSchema),
});

const manifestSchema = z.object({ settings: settingsSchema, files: z.array(fileSchema).min(1) });

/** How tracks are cut into shards; the same for all files of a folder. */
export type ShardSettings = z.infer<typeof settingsSchema>;
/** A shard and what it holds. */
export type TrackShard = z.infer<typeof shardSchema>;
/** What became of one input file. */
export type PreparedFile = z.infer<typeof fileSchema>;
/** A folder of prepared tracks. */
export interface TrackShards {
  readonly folder: string;
  readonly settings: ShardSettings;
  readonly shards: readonly TrackShard[];
}

/** List of one input file; undefined where there is none. @throws UserError when it cannot be understood */
export function readFileList(path: string): Promise<PreparedFile | undefined> {
  return readList(path, fileSchema);
}

/** @throws UserError when the folder is not prepared, or its list cannot be understood */
export async function openTrackShards(folder: string): Promise<TrackShards> {
  const path = join(folder, MANIFEST);
  const manifest = await readList(path, manifestSchema);
  if (manifest === undefined) {
    throw new UserError(`${path}: not found; prepare all files of tracks first (trackdnn-trainer prepare)`);
  }
  const { settings, files } = manifest;
  const shards = files.flatMap((file) => file.shards);
  const width = settings.features.length;
  const odd = shards.find(({ minimum, maximum }) => minimum.length !== width || maximum.length !== width);
  if (odd !== undefined) {
    throw new UserError(
      `${path}: ranges of ${odd.file} are not those of ${width} features; remove it and prepare again`,
    );
  }
  return { folder, settings, shards };
}

/** @throws UserError when shards hold other features, in another order or with other transforms */
export function requireFeatures({ folder, settings }: TrackShards, wanted: readonly TrackFeature[]): void {
  const difference = featureDifference(settings.features, wanted);
  if (difference === null) return;
  throw new UserError(
    `${folder}: ${difference} by --features; give the list that the shards were prepared with, or prepare others`,
  );
}

async function readList<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new UserError(`${path}: cannot be read (${error.code})`);
  });
  if (text === undefined) return undefined;
  const parsed = schema.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UserError(
    `${path}: damaged list of shards at ${issue.path.join('.') || 'its start'} (${issue.message}); remove it and prepare again`,
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
